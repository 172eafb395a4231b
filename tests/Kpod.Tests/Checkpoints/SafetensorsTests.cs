using System.Text.Json;
using Kpod.Checkpoints;
using Kpod.Testing;
using TorchSharp;

namespace Kpod.Tests.Checkpoints;

public sealed class SafetensorsTests
{
    [Fact]
    public void Good_and_broken_files_get_the_recorded_verdicts()
    {
        var folder = SharedFolder.PathOf("fixtures", "safetensors-broken");
        using var expected = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "expected.json")));
        var wrong = new List<string>();
        foreach (var item in expected.RootElement.EnumerateArray())
        {
            var name = item.GetProperty("file").GetString()!;
            var verdict = item.GetProperty("expect").GetString();
            string? message = null;
            try
            {
                using var file = SafetensorsFile.Open(Path.Combine(folder, name));
                foreach (var entry in file.Entries.Keys)
                {
                    if (SafetensorsTypes.ScalarType(file.Entries[entry].DataType) is not null)
                    {
                        file.Read(entry).Dispose();
                    }
                }
            }
            catch (KpodException fault)
            {
                message = fault.Message;
            }

            var got = message is null ? "accept" : "reject";
            if (verdict != "either" && got != verdict)
            {
                wrong.Add($"{name}: {got}, expected {verdict} ({item.GetProperty("reason").GetString()}) {message}");
            }

            if (verdict == "reject" && message is not null && item.TryGetProperty("message_should_mention", out var mentions))
            {
                wrong.AddRange(mentions.EnumerateArray().Select(word => word.ToString()).Where(word => !message.Contains(word, StringComparison.OrdinalIgnoreCase)).Select(word => $"{name}: '{message}' lacks '{word}'"));
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    public void What_is_written_is_read_back_bit_for_bit_and_padded()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        var path = folder.PathOf("a.safetensors");
        torch.manual_seed(4);
        var tensors = new Dictionary<string, torch.Tensor>
        {
            ["half"] = torch.randn(3, 5).to(torch.ScalarType.BFloat16),
            ["empty"] = torch.empty(0, 4),
            ["scalar"] = torch.tensor(7L),
            ["turned"] = torch.randn(4, 6).t(),
        };
        SafetensorsWriter.Write(path, [.. tensors], new Dictionary<string, string> { ["step"] = "3" });
        using var file = SafetensorsFile.Open(path);
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal("3", file.Metadata["step"]);
        foreach (var (name, tensor) in tensors)
        {
            using var read = file.Read(name);
            Assert.True(read.equal(tensor).all().item<bool>());
            Assert.Equal(tensor.dtype, read.dtype);
        }

        Assert.Equal(0, BitConverter.ToInt64(File.ReadAllBytes(path)) % 8);
    }
}
