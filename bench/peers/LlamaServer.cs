#:sdk Microsoft.NET.Sdk.Web
#:package LLamaSharp
#:package LLamaSharp.Backend.Cpu
#:property PublishAot=false

// llama.cpp behind the OpenAI wire format, as a teacher to try `kpod rationales --teacher openai` on without an account: one model, one text at a time, further
// requests wait. What it refuses, it refuses as OpenAI does. docs/guide/teachers.md shows the command.
//   dotnet run bench/peers/LlamaServer.cs -- MODEL.gguf [PORT] [THREADS]
using System.Text;
using System.Text.Json.Nodes;
using LLama;
using LLama.Common;
using LLama.Exceptions;
using LLama.Native;
using LLama.Sampling;

const int ContextTokens = 2048;
int[] numbers = [8080, 2];
if (args.Length is 0 or > 3 || !File.Exists(args[0]) || args.Skip(1).Where((text, place) => !int.TryParse(text, out numbers[place]) || numbers[place] is < 1 or > 65535).Any())
{
    await Console.Error.WriteLineAsync("Usage: dotnet run bench/peers/LlamaServer.cs -- MODEL.gguf [PORT, 8080] [THREADS, 2]; the file must exist.");
    return 2;
}

NativeLogConfig.llama_log_set((_, _) => { });
var name = Path.GetFileNameWithoutExtension(args[0]);
var (port, threads) = (numbers[0], numbers[1]);
var parameters = new ModelParams(args[0]) { ContextSize = ContextTokens, GpuLayerCount = 0, Threads = threads, BatchThreads = threads };
using var weights = Load();
if (weights is null)
{
    await Console.Error.WriteLineAsync($"{args[0]}: llama.cpp cannot load this file; it must be a whole GGUF model.");
    return 2;
}

using var oneAtATime = new SemaphoreSlim(1);
var answered = 0;

var builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
var server = builder.Build();
server.Urls.Add($"http://127.0.0.1:{port}");
server.MapGet("/v1/models", () => Results.Json(new { @object = "list", data = new[] { new { id = name, @object = "model" } } }));
server.MapPost("/v1/chat/completions", (Func<HttpContext, Task<IResult>>)CompleteAsync);
await Console.Error.WriteLineAsync($"{name} at {server.Urls.Single()}/v1");
await server.RunAsync();
return 0;

LLamaWeights? Load()
{
    try
    {
        return LLamaWeights.LoadFromFile(parameters);
    }
    catch (LoadWeightsFailedException)
    {
        return null;
    }
}

async Task<IResult> CompleteAsync(HttpContext http)
{
    var request = await JsonNode.ParseAsync(http.Request.Body);
    if (request?["messages"] is not JsonArray messages || messages.Count == 0)
    {
        return Refusal(400, "invalid_request_error", "'messages' is missing.");
    }

    if ((string?)request["model"] != name)
    {
        return Refusal(404, "model_not_found", $"The model '{request["model"]}' does not exist; there is '{name}'.");
    }

    var template = new LLamaTemplate(weights) { AddAssistant = true };
    foreach (var message in messages)
    {
        template.Add((string)message!["role"]!, TextOf(message["content"]!));
    }

    var prompt = Encoding.UTF8.GetString(template.Apply());
    var promptTokens = weights.Tokenize(prompt, add_bos: false, special: true, Encoding.UTF8).Length;
    var limit = (int?)(request["max_completion_tokens"] ?? request["max_tokens"]) ?? ContextTokens - promptTokens;
    if (promptTokens + limit > ContextTokens)
    {
        return Refusal(400, "context_length_exceeded", $"{promptTokens} tokens and {limit} to write are more than {ContextTokens}.");
    }

    await oneAtATime.WaitAsync(http.RequestAborted);
    try
    {
        using var sampling = Sampling(request);
        var inference = new InferenceParams { MaxTokens = limit, SamplingPipeline = sampling };
        var (text, written) = (new StringBuilder(), 0);
        await foreach (var piece in new StatelessExecutor(weights, parameters).InferAsync(prompt, inference, http.RequestAborted))
        {
            text.Append(piece);
            written++;
        }

        await Console.Error.WriteLineAsync($"{++answered}: {promptTokens} read, {written} written");
        return Results.Json(new
        {
            id = $"chatcmpl-{Guid.NewGuid():N}",
            @object = "chat.completion",
            created = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            model = name,
            choices = new[]
            {
                new { index = 0, message = new { role = "assistant", content = text.ToString() }, finish_reason = written < limit ? "stop" : "length" },
            },
            usage = new { prompt_tokens = promptTokens, completion_tokens = written, total_tokens = promptTokens + written },
        });
    }
    finally
    {
        oneAtATime.Release();
    }
}

// A message's content is a text or a list of parts.
static string TextOf(JsonNode content) =>
    content is JsonArray parts ? string.Concat(parts.Select(part => (string?)part!["text"])) : (string)content!;

static ISamplingPipeline Sampling(JsonNode request) => (float?)request["temperature"] is 0
    ? new GreedySamplingPipeline()
    : new DefaultSamplingPipeline
    {
        Temperature = (float?)request["temperature"] ?? 1,
        TopP = (float?)request["top_p"] ?? 1,
        Seed = (uint?)request["seed"] ?? 0,
    };

static IResult Refusal(int status, string code, string message) =>
    Results.Json(new { error = new { message, type = "invalid_request_error", param = (string?)null, code } }, statusCode: status);
