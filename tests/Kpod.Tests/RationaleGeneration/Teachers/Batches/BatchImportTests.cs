using System.Text;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers.Batches;

namespace Kpod.Tests.RationaleGeneration.Teachers.Batches;

public sealed class BatchImportTests
{
    [Fact]
    public async Task A_good_line_becomes_the_answer_that_a_live_call_would_have_brought()
    {
        using var bed = new BatchBed(questions: 2, prices: "currency: USD\nmodels:\n  - name: m\n    input: 100\n    output: 200\n    batchInput: 50\n");
        var import = await bed.ImportAsync(bed.Line(1, 0, "1 + 1 = 2. € 😀"));
        Assert.Equal((1, 1, 1), (import.Lines, import.Added, import.Left));
        Assert.Empty(import.Problems);
        var answer = bed.Store.Find(bed.Request(1, 0))!;

        // 20 tokens at 50 a million and 10 at 200.
        Assert.Equal((0.003m, "USD", 0.003m), (answer.Cost!.Value, answer.Currency, import.Cost!.Value));
        Assert.Equal(
            ("1 + 1 = 2. € 😀", "stop", "m-2026", 20L, 10L, 0.0, DateTimeOffset.FromUnixTimeSeconds(1764150000)),
            (answer.Text, answer.FinishReason, answer.Model, answer.InputTokens, answer.OutputTokens, answer.Seconds, answer.ArrivedAt));
        Assert.StartsWith("""{"id":"c","object":"chat.completion",""", answer.Raw, StringComparison.Ordinal);
        Assert.Null(answer.Refusal);
    }

    [Fact]
    public async Task What_was_exported_and_answered_is_not_exported_again_and_a_second_import_changes_nothing()
    {
        using var bed = new BatchBed(questions: 12, samples: 2);
        var ids = (await bed.ExportAsync("out")).Files.SelectMany(File.ReadLines).Select(line => line.Split('"')[3]).ToArray();
        string[] lines = [.. ids.Select((id, number) => BatchBed.Result(id, $"It is {number}."))];

        // A partial file first, in another order.
        var first = await bed.ImportAsync([.. lines.Skip(8).Reverse()]);
        Assert.Equal((16, 16, 8), (first.Lines, first.Added, first.Left));
        var whole = await bed.ImportAsync(lines);
        Assert.Equal((24, 8, 0), (whole.Lines, whole.Added, whole.Left));
        Assert.Equal(16, whole.Outcomes[BatchOutcome.AlreadyStored]);
        var before = Content(bed);
        var again = await bed.ImportAsync(lines);
        Assert.Equal((24, 0), (again.Lines, again.Added));
        Assert.Equal(24, again.Outcomes[BatchOutcome.AlreadyStored]);
        Assert.Single(again.Outcomes);
        Assert.Equal(before, Content(bed));
        Assert.Equal(0, (await bed.ExportAsync("rest")).Requests);
    }

    [Fact]
    public async Task Every_kind_of_bad_line_is_counted_and_named_and_the_good_ones_are_stored()
    {
        using var bed = new BatchBed(questions: 12);
        string Id(int question) => bed.Request(question, 0).Hash;
        bed.Answer(9, 0, "in the store");
        var half = bed.Line(8, 0, "9");
        var import = await bed.ImportAsync(
            bed.Line(0, 0, "It is 1."),
            $$"""{"id":"x","custom_id":"{{Id(1)}}","response":null,"error":{"code":"batch_expired","message":"This request could not be executed before the completion window expired."} }""",
            $$$"""{"id":"x","custom_id":"{{{Id(2)}}}","response":{"status_code":400,"request_id":"r","body":{"error":{"message":"Invalid value","type":"invalid_request_error","code":"bad"}} },"error":null}""",
            $$$"""{"id":"x","custom_id":"{{{Id(3)}}}","response":{"status_code":200,"request_id":"r"},"error":null}""",
            $$$"""{"id":"x","custom_id":"{{{Id(4)}}}","response":{"status_code":200,"request_id":"r","body":{"choices":[]}},"error":null}""",
            $$$"""{"id":"vllm-1","custom_id":"{{{Id(5)}}}","response":{"status_code":400,"request_id":"vllm-batch-1","body":null},"error":{"object":"error","message":"too long","type":"BadRequestError","param":null,"code":400}}""",
            $$$"""{"id":"vllm-2","custom_id":"{{{Id(6)}}}","response":{"status_code":400,"request_id":"vllm-batch-2","body":null},"error":{"error":{"message":"still too long","type":"BadRequestError","code":400}} }""",
            bed.Line(7, 0, "It is 8 beca", "length"),
            bed.Line(0, 0, "It is 1."),
            bed.Line(0, 0, "It is 2."),
            bed.Line(9, 0, "not in the store"),
            BatchBed.Result("0123abc", "whose?"),
            """{"id":"x","response":null}""",
            "[1]",
            string.Empty,
            $$"""{"id":"x","custom_id":"{{Id(10)}}"}""",
            half[..(half.Length / 2)]);
        var file = bed.PathOf("results.jsonl");
        Assert.Equal(16, import.Lines);
        Assert.Equal(
            new Dictionary<BatchOutcome, int>
            {
                [BatchOutcome.Added] = 1,
                [BatchOutcome.CutOff] = 1,
                [BatchOutcome.Duplicate] = 1,
                [BatchOutcome.Contradiction] = 2,
                [BatchOutcome.Failed] = 7,
                [BatchOutcome.Unreadable] = 3,
                [BatchOutcome.OtherRequest] = 1,
            },
            import.Outcomes);
        Assert.Equal(
            [
                (2, Id(1), "This request could not be executed before the completion window expired. (batch_expired)"),
                (3, Id(2), "HTTP 400: Invalid value (bad)"),
                (4, Id(3), "its response has no body"),
                (5, Id(4), """the response has no choice in it: {"choices":[]}"""),
                (6, Id(5), "HTTP 400: too long"),
                (7, Id(6), "HTTP 400: still too long"),
                (8, Id(7), "was cut off at the most tokens; it is stored, and will be dropped as cut off"),
                (10, Id(0), $"has another answer than {file}, line 1, which stays"),
                (11, Id(9), "has another answer than the store, which stays"),
                (12, "0123abc", "is a batch result for other requests"),
                (13, null, "has no custom_id, so it is no line of a batch's result"),
                (14, null, "has no custom_id, so it is no line of a batch's result"),
                (16, Id(10), "has neither a response nor an error"),
                (17, null, "is no whole JSON; the file may have been cut off"),
            ],
            import.Problems.Select(problem => (problem.Line, problem.CustomId, problem.Reason)));
        Assert.All(import.Problems, problem => Assert.Equal(file, problem.File));
        Assert.Equal(["in the store", "It is 1.", "It is 8 beca"], bed.Store.All().Select(stored => stored.Answer.Text));
        Assert.Equal((2, 9), (import.Added, import.Left));
    }

    [Fact]
    public async Task A_failed_line_does_not_stand_in_the_way_of_a_good_one_in_another_file()
    {
        using var bed = new BatchBed(questions: 1);
        File.WriteAllText(bed.PathOf("errors.jsonl"), $$"""{"custom_id":"{{bed.Request(0, 0).Hash}}","response":null,"error":{"code":"server_error"} }""" + "\r\n");
        File.WriteAllText(bed.PathOf("output.jsonl"), bed.Line(0, 0, "It is 1.") + "\r\n", new UTF8Encoding(encoderShouldEmitUTF8Identifier: true));
        var import = await bed.Batch().ImportAsync(bed.Questions, [bed.PathOf("errors.jsonl"), bed.PathOf("output.jsonl")]);
        Assert.Equal((2, 1, 0), (import.Lines, import.Added, import.Left));
        Assert.Equal("server_error", import.Problems.Single().Reason);
    }

    [Fact]
    public async Task A_result_for_other_requests_is_refused_with_what_makes_the_ids()
    {
        using var bed = new BatchBed(questions: 1);
        var fault = await Assert.ThrowsAsync<KpodException>(() => bed.ImportAsync(BatchBed.Result("a", "1"), BatchBed.Result("b", "2"), "half"));
        Assert.Equal(
            $"{bed.PathOf("results.jsonl")}, line 1: a batch result for other requests, as is every other line. Give the questions, model, prompt, samples and settings of the export: they make the ids. Nothing was stored.",
            fault.Message);
        Assert.Equal(0, bed.Store.Count);
        Assert.Contains("cannot be read", (await Assert.ThrowsAsync<KpodException>(() => bed.Batch().ImportAsync(bed.Questions, [bed.PathOf("none.jsonl")]))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_a_fault_of_their_line_alone()
    {
        using var bed = new BatchBed(questions: 3);
        byte[] broken = [.. Encoding.UTF8.GetBytes(bed.Line(1, 0, "X"))];
        broken[Array.IndexOf(broken, (byte)'X')] = 0xFF;
        var lone = bed.Line(2, 0, "Y").Replace("\"Y\"", "\"\\ud83d\"", StringComparison.Ordinal);
        File.WriteAllBytes(bed.PathOf("results.jsonl"), [.. broken, (byte)'\n', .. Encoding.UTF8.GetBytes($"{lone}\n{bed.Line(0, 0, "It is 1.")}")]);
        var import = await bed.Batch().ImportAsync(bed.Questions, [bed.PathOf("results.jsonl")]);
        Assert.Equal([(1, "holds bytes that are no UTF-8")], import.Problems.Select(problem => (problem.Line, problem.Reason)));
        Assert.Equal(["\uFFFD", "It is 1."], bed.Store.All().Select(stored => stored.Answer.Text)); // half a character is no reason to lose an answer
    }

    [Fact]
    public async Task Second_turns_are_known_once_the_first_are_stored_also_from_another_file_of_the_same_import()
    {
        using var bed = new BatchBed(questions: 1, prompt: PromptKind.TwoTurn);
        File.WriteAllText(bed.PathOf("first.jsonl"), bed.Line(0, 0, "0 and 1 make 1."));
        var first = await bed.Batch().ImportAsync(bed.Questions, [bed.PathOf("first.jsonl")]);
        Assert.Equal((1, 1), (first.Added, first.Left));
        var second = (await bed.ExportAsync("out")).Files.SelectMany(File.ReadLines).Single().Split('"')[3];
        File.WriteAllText(bed.PathOf("second.jsonl"), BatchBed.Result(second, "1."));
        var both = await bed.Batch().ImportAsync(bed.Questions, [bed.PathOf("first.jsonl"), bed.PathOf("second.jsonl")]);
        Assert.Equal((1, 0, 1), (both.Added, both.Left, both.Outcomes[BatchOutcome.AlreadyStored]));
    }

    [Fact]
    public async Task More_answers_than_are_stored_at_once_are_all_stored_and_a_refusal_and_a_thought_are_told_apart()
    {
        using var bed = new BatchBed(questions: 1100, samples: 2);
        var lines = Enumerable.Range(0, 2200).Select(number => bed.Line(number / 2, number % 2, $"<think>\nHm.\n</think>\n\nIt is {number}.")).ToArray();
        lines[5] = lines[5].Replace("\"refusal\":null", "\"refusal\":\"No.\"", StringComparison.Ordinal);
        var import = await bed.ImportAsync(lines);
        Assert.Equal((2200, 0, 2200L), (import.Added, import.Left, bed.Store.Count));
        Assert.Equal(("It is 4.", "Hm.", null), (bed.Store.Find(bed.Request(2, 0))!.Text, bed.Store.Find(bed.Request(2, 0))!.Reasoning, bed.Store.Find(bed.Request(2, 0))!.Refusal));
        Assert.Equal("No.", bed.Store.Find(bed.Request(2, 1))!.Refusal);
    }

    private static string[] Content(BatchBed bed) => [.. bed.Store.All().Select(stored => $"{stored.Request.Hash} {stored.Answer}")];
}
