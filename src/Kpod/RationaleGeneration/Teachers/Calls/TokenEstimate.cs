using System.Text;

namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>How many tokens a prompt has, before its server has counted them.</summary>
internal static class TokenEstimate
{
    // English text has about four bytes a token with today's vocabularies; a message's frame takes about four tokens.
    private const int BytesPerToken = 4;
    private const int TokensPerMessage = 4;

    /// <summary>Tokens of a request's prompt.</summary>
    /// <param name="request">The request.</param>
    /// <returns>A guess.</returns>
    public static long OfPrompt(TeacherRequest request) => request.Messages.Sum(message => TokensPerMessage + OfText(message.Text));

    /// <summary>Tokens of a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>A guess.</returns>
    public static long OfText(string text) => (Encoding.UTF8.GetByteCount(text) + BytesPerToken - 1) / BytesPerToken;
}
