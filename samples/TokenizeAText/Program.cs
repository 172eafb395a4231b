// The tokenizers alone, no libtorch: ids with the characters that each stands for, the text back from the ids, and a conversation as the model's chat template writes it.
//   dotnet run -c Release --project samples/TokenizeAText -- FOLDER [TEXT]
using Kpod.Tokenizers.ChatTemplates;
using Kpod.Tokenizers.Files;

if (args.Length == 0)
{
    Console.Error.WriteLine("Name a model's folder, a tokenizer.json or a SentencePiece .model.");
    return 2;
}

var text = args.Length > 1 ? args[1] : "Tom has 3 apples. He buys 4 more.\n3 + 4 = 7";
var tokenizer = TokenizerFile.Load(args[0]);
foreach (var token in tokenizer.Encode(text))
{
    Console.WriteLine($"{token.Id,6}  [{token.Start},{token.End})  {text[token.Start..token.End].ReplaceLineEndings("\\n")}");
}

Console.WriteLine(tokenizer.Decode([.. tokenizer.Encode(text).Select(token => token.Id)]));
if (Directory.Exists(args[0]) && ChatTemplateFile.FindInFolder(args[0]) is { } template)
{
    var prompt = template.Render([new ChatMessage("user", text)], addGenerationPrompt: true, TimeProvider.System.GetLocalNow());
    Console.WriteLine(prompt.Text);
}

return 0;
