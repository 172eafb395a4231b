using System.Text.Json;
using Kpod.Files;

namespace Kpod.Basics.Tests.Files;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData(@"""plain""", "plain")]
    [InlineData(@"""a \ud83d b""", "a \uFFFD b")]
    [InlineData(@"""a \uDE00 b""", "a \uFFFD b")]
    [InlineData(@"""\ud83d\ude00""", "\U0001F600")]
    [InlineData(@"""\ud83d\ud83d\ude00\ude00""", "\uFFFD\U0001F600\uFFFD")]
    [InlineData(@"""\\ud83d""", @"\ud83d")]
    [InlineData(@"""\\\ud83d""", "\\\uFFFD")]
    [InlineData(@"""\u0041\ud83d""", "A\uFFFD")]
    public void Half_characters_are_replaced_and_whole_ones_stay(string json, string expected) =>
        Assert.Equal(expected, JsonDocument.Parse(JsonText.MendHalfCharacters(json)).RootElement.GetString());

    [Fact]
    public void A_text_that_is_cut_anywhere_is_passed_through()
    {
        const string Json = @"{""a"":""\ud83d\ude00\ud83d\\""}";
        for (var length = 0; length < Json.Length; length++)
        {
            Assert.ThrowsAny<JsonException>(() => JsonDocument.Parse(JsonText.MendHalfCharacters(Json[..length])));
        }
    }
}
