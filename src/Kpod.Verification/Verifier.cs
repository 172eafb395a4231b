using Kpod.LanguageModels.Native;
using Kpod.Verification.References;
using Kpod.Verification.Results;

namespace Kpod.Verification;

/// <summary>Holds what this library computes against numbers that a reference implementation recorded (docs/guide/verify.md).</summary>
public static class Verifier
{
    /// <summary>Compares a model with a folder of recorded numbers.</summary>
    /// <param name="model">A Hugging Face folder or a .gguf file.</param>
    /// <param name="reference">The folder with <c>reference.safetensors</c>, <c>lora*/</c>, <c>full/</c>, <c>kpod.json</c>, whichever are there; or for a .gguf file the JSON that describes it. Null for the model's own folder, or the JSON beside the file.</param>
    /// <param name="weights">A .gguf file whose weights stand in for those of the folder <paramref name="model"/>; null for the folder's own.</param>
    /// <param name="options">Tolerance and device.</param>
    /// <returns>Every comparison.</returns>
    /// <exception cref="KpodException">A file is missing or unsound, there is nothing to compare with, or the model cannot be loaded.</exception>
    public static VerificationReport Model(string model, string? reference, string? weights, VerificationOptions options)
    {
        var report = Start(options);
        var device = ComputeDevices.Open(options.Device);
        var isFolder = Directory.Exists(model);
        if (!isFolder && !File.Exists(model))
        {
            throw new KpodException($"{model}: there is no such model; give a folder with config.json and weights, or a .gguf file.");
        }

        if (weights is not null && !isFolder)
        {
            throw new KpodException($"{model}: is a file, so that --model {weights} is one too many; give the folder with the recorded numbers.");
        }

        reference ??= isFolder ? model : Path.ChangeExtension(model, ".json");
        if (!isFolder && !Directory.Exists(reference))
        {
            new GgufReference(report, model, reference, device).Check();
        }
        else
        {
            var path = weights is null || File.Exists(weights) ? weights ?? model : Path.Combine(model, weights);
            new ModelReference(report, new ModelUnderTest(path, isFolder ? model : reference, device), reference).Check();
        }

        return report.ToReport();
    }

    /// <summary>Compares a tokenizer with recorded cases: ids, offsets, decoded texts or streamed chunks.</summary>
    /// <param name="tokenizer">A folder, a <c>tokenizer.json</c>, a SentencePiece <c>.model</c>, or a .gguf file.</param>
    /// <param name="cases">A <c>cases.jsonl</c>, <c>sentencepiece.jsonl</c> or <c>streaming.jsonl</c>, told apart by their fields.</param>
    /// <param name="options">Its tolerance is not used: no difference at all is right.</param>
    /// <returns>One check a kind of comparison.</returns>
    /// <exception cref="KpodException">A file is missing, a line is malformed, or the tokenizer is not implemented.</exception>
    public static VerificationReport Tokenizer(string tokenizer, string cases, VerificationOptions options)
    {
        var report = Start(options);
        var isSentencePiece = tokenizer.EndsWith(".model", StringComparison.OrdinalIgnoreCase);
        TokenizerCases.Check(report, TokenizerCases.Load(tokenizer), isSentencePiece, cases);
        return report.ToReport();
    }

    /// <summary>Compares answer extraction with recorded cases.</summary>
    /// <param name="cases">Cases judged by hand or computed by lm-evaluation-harness, one a line.</param>
    /// <param name="options">Its tolerance is not used: no difference at all is right.</param>
    /// <returns>One check a kind of comparison.</returns>
    /// <exception cref="KpodException">The file is missing or a line is malformed.</exception>
    public static VerificationReport Answers(string cases, VerificationOptions options)
    {
        var report = Start(options);
        AnswerCases.Check(report, cases);
        return report.ToReport();
    }

    /// <summary>Compares rendered conversations with recorded ones.</summary>
    /// <param name="cases">Cases with template, messages and the expected text or error, one a line.</param>
    /// <param name="now">The time that templates see.</param>
    /// <param name="options">Its tolerance is not used: no difference at all is right.</param>
    /// <returns>One check for the texts and one for the errors.</returns>
    /// <exception cref="KpodException">The file is missing or a line is malformed.</exception>
    public static VerificationReport Chats(string cases, DateTimeOffset now, VerificationOptions options)
    {
        var report = Start(options);
        ChatCases.Check(report, cases, now);
        return report.ToReport();
    }

    /// <summary>Compares selections and schedules with recorded ones.</summary>
    /// <param name="folder">A folder with <c>ftgp.json</c>, <c>schedule.json</c> or both.</param>
    /// <param name="options">Numbers are held to a ten-thousandth of its tolerance.</param>
    /// <returns>Every comparison.</returns>
    /// <exception cref="KpodException">Neither file is there, or one is malformed.</exception>
    public static VerificationReport Schedule(string folder, VerificationOptions options) => OfFolder(folder, options, ScheduleReference.Check);

    /// <summary>Compares the other systems, curricula, ablations and statistics with recorded ones.</summary>
    /// <param name="folder">A folder with <c>scotd.json</c>, <c>specialized_texts.json</c>, <c>specialized_losses.json</c>, <c>dtw.json</c>, <c>scott.json</c>, <c>mcc_kd.json</c>, <c>curricula.json</c>, <c>ablations.json</c>, <c>statistics.json</c>, whichever are there. The models that they name are looked for in the folders above.</param>
    /// <param name="options">Gradient norms are held to its tolerance, losses to a fifth of it, the loss of a single token to three times it in nat, and what needs no model to a ten-millionth of it.</param>
    /// <returns>Every comparison.</returns>
    /// <exception cref="KpodException">There is no such file, one is malformed, or a model is not found.</exception>
    public static VerificationReport Methods(string folder, VerificationOptions options) =>
        OfFolder(folder, options, (report, place) => References.Methods.MethodsReference.Check(report, place, ComputeDevices.Open(options.Device)));

    /// <summary>Compares the decoding of quantised blocks with recorded values.</summary>
    /// <param name="folder">A folder with <c>TYPE.safetensors</c> files.</param>
    /// <param name="options">Its tolerance is not used: every bit must be equal.</param>
    /// <returns>One check a type.</returns>
    /// <exception cref="KpodException">There is no such file, or one is malformed.</exception>
    public static VerificationReport Blocks(string folder, VerificationOptions options) => OfFolder(folder, options, BlockReference.Check);

    /// <summary>Reads files that are broken in known ways and compares what is said of them with what should be.</summary>
    /// <param name="folder">A folder with files and an <c>expected.json</c>.</param>
    /// <param name="options">Its tolerance is not used.</param>
    /// <returns>One check a file.</returns>
    /// <exception cref="KpodException">There is no <c>expected.json</c>, or it is malformed.</exception>
    public static VerificationReport BrokenFiles(string folder, VerificationOptions options) => OfFolder(folder, options, References.BrokenFiles.Check);

    private static VerificationReport OfFolder(string folder, VerificationOptions options, Action<ReportBuilder, string> check)
    {
        var report = Start(options);
        if (!Directory.Exists(folder))
        {
            throw new KpodException($"{folder}: there is no such folder.");
        }

        check(report, folder);
        return report.ToReport();
    }

    private static ReportBuilder Start(VerificationOptions options)
    {
        var faults = options.Check().ToList();
        return faults.Count == 0 ? new ReportBuilder(options.Tolerance) : throw KpodException.FromFaults("verification", faults);
    }
}
