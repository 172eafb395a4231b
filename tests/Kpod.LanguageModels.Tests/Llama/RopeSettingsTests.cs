using System.Text.Json;
using Kpod.LanguageModels.Llama;

namespace Kpod.LanguageModels.Tests.Llama;

public sealed class RopeSettingsTests
{
    private const string Llama3 = """{"rope_type":"llama3","factor":8.0,"low_freq_factor":1.0,"high_freq_factor":4.0,"original_max_position_embeddings":64}""";

    [Theory]
    [InlineData("""{}""", 10000)]
    [InlineData("""{"rope_theta":5000}""", 5000)]
    [InlineData("""{"rope_parameters":{"rope_type":"default","rope_theta":5000}}""", 5000)]
    [InlineData("""{"rope_parameters":{"full_attention":{"rope_type":"default","rope_theta":5000}}}""", 5000)]
    [InlineData("""{"rope_theta":5000,"rope_scaling":null,"rope_parameters":{"rope_type":"default","rope_theta":5000}}""", 5000)]
    public void Plain_positions_are_read_from_wherever_they_stand(string json, double theta)
    {
        var (read, faults) = Read(json);
        Assert.Empty(faults);
        Assert.Equal((theta, (RopeScaling.Llama3?)null), read);
    }

    [Theory]
    [InlineData("""{"rope_scaling":""" + Llama3 + "}")]
    [InlineData("""{"rope_scaling":""" + Llama3 + ""","rope_parameters":{"rope_type":"default","rope_theta":10000.0}}""")]
    [InlineData("""{"rope_parameters":{"full_attention":""" + Llama3 + "}}")]
    [InlineData("""{"rope_scaling":""" + Llama3 + ",\"rope_parameters\":" + Llama3 + "}")]
    public void A_stretch_is_read_wherever_it_stands(string json)
    {
        var (read, faults) = Read(json);
        Assert.Empty(faults);
        Assert.Equal(new RopeScaling.Llama3(8, 1, 4, 64), read.Scaling);
    }

    [Theory]
    [InlineData("""{"rope_parameters":{"rope_type":"default"},"rope_scaling":{"rope_type":"yarn","factor":4.0}}""", "rope_scaling.rope_type is \"yarn\"")]
    [InlineData("""{"rope_parameters":{"rope_type":"linear","factor":4.0},"rope_scaling":{"rope_type":"default"}}""", "rope_parameters.rope_type is \"linear\"")]
    [InlineData("""{"rope_parameters":{"full_attention":{"rope_type":"yarn","factor":4.0}}}""", "rope_parameters.full_attention.rope_type is \"yarn\"")]
    [InlineData("""{"rope_parameters":{"sliding_attention":{"rope_type":"default"},"full_attention":{"rope_type":"default"}}}""", "rope_parameters.sliding_attention gives rotary settings of its own to some layers")]
    [InlineData("""{"rope_scaling":{"factor":4.0}}""", "rope_scaling.rope_type is missing")]
    [InlineData("""{"rope_scaling":{"rope_type":"default","type":"yarn"}}""", "rope_scaling.type is \"yarn\"")]
    [InlineData("""{"rope_theta":10000,"rope_parameters":{"rope_type":"default","rope_theta":5000}}""", "rope_theta is 10000, but rope_parameters.rope_theta is 5000")]
    [InlineData("""{"rope_scaling":{"rope_type":"default"},"rope_parameters":""" + Llama3 + "}", "rope_parameters stretches the rotary frequencies in another way than rope_scaling")]
    public void What_is_not_implemented_or_contradicts_itself_is_a_fault_by_name(string json, string expected) => Assert.Contains(expected, Read(json).Faults, StringComparison.Ordinal);

    private static ((double Theta, RopeScaling.Llama3? Scaling) Read, string Faults) Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        var reader = new ConfigurationReader(document.RootElement, "config.json");
        var read = RopeSettings.Read(reader);
        return (read, Record.Exception(reader.ThrowIfFaulty)?.Message ?? string.Empty);
    }
}
