using System.ClientModel;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.RegularExpressions;
using Kpod.Files;

namespace Kpod.RationaleGeneration.Teachers.Calls;

/// <summary>Says what the errors of any chat client mean; one that it does not know is a fault in a program and is not caught.</summary>
internal static partial class TeacherErrors
{
    /// <summary>How the message begins where a server's certificate is not trusted.</summary>
    public const string CertificateMark = "its certificate is not accepted";

    private const int LongestQuote = 300;

    /// <summary>What an error means.</summary>
    /// <param name="error">Thrown by a chat client.</param>
    /// <returns>The error as a failed call; null for one that is none.</returns>
    public static TeacherCallException? Of(Exception error) => error switch
    {
        TeacherCallException known => known,
        ClientResultException { Status: > 0 } answered => OfStatus(answered.Status, Quote(answered.Message), null, answered),
        ClientResultException { InnerException: { } inner } => Of(inner) ?? new TeacherCallException(TeacherFailure.Passing, Quote(inner.Message), innerException: error),
        HttpRequestException { StatusCode: { } status } answered => OfStatus((int)status, Quote(answered.Message), null, answered),
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } unknown =>
            new TeacherCallException(TeacherFailure.Setup, $"its name is not known ({Quote(unknown.Message)})", innerException: unknown) { IsUnreachable = true },
        HttpRequestException { InnerException: AuthenticationException { InnerException: not IOException } untrusted } =>
            new TeacherCallException(TeacherFailure.Setup, $"{CertificateMark} ({Quote(untrusted.Message)})", innerException: untrusted),
        HttpRequestException { InnerException: SocketException } refused => new TeacherCallException(TeacherFailure.Passing, Quote(refused.Message), innerException: refused) { IsUnreachable = true },
        AggregateException { InnerException: { } inner } => Of(inner),
        HttpRequestException or IOException or TimeoutException or SocketException or JsonException => new TeacherCallException(TeacherFailure.Passing, Quote(Words(error)), innerException: error),
        _ => null,
    };

    /// <summary>What an HTTP status means.</summary>
    /// <param name="status">The status.</param>
    /// <param name="said">What the server said, short and without a key.</param>
    /// <param name="retryAfter">How long it asks to wait.</param>
    /// <param name="inner">The error behind it.</param>
    /// <returns>A failed call.</returns>
    public static TeacherCallException OfStatus(int status, string said, TimeSpan? retryAfter, Exception? inner = null)
    {
        var failure = status switch
        {
            429 when said.Contains("insufficient_quota", StringComparison.Ordinal) => TeacherFailure.Setup,
            429 => TeacherFailure.TooFast,
            408 or 409 or 425 or (>= 500 and < 600) => TeacherFailure.Passing,
            401 or 402 or 403 or 404 or 405 or 407 or (>= 300 and < 400) or < 200 or >= 600 => TeacherFailure.Setup,
            _ => TeacherFailure.Request,
        };
        return new TeacherCallException(failure, $"HTTP {status}{(said.Length == 0 ? string.Empty : $": {said}")}", retryAfter, inner);
    }

    /// <summary>The first words of what a server or client said, on one line.</summary>
    /// <param name="text">All of it.</param>
    /// <returns>A few hundred characters at most.</returns>
    public static string Quote(string text)
    {
        var line = Address().Replace(SafeText.OneLine(string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))), "://[secret]@");
        return line.Length <= LongestQuote ? line : string.Concat(line.AsSpan(0, LongestQuote), "...");
    }

    // "..., see inner exception" helps nobody who cannot see it.
    private static string Words(Exception error) => error.InnerException is { } inner && error.Message.Contains("inner exception", StringComparison.OrdinalIgnoreCase) ? Words(inner) : error.Message;

    // User and password of an address, as of a proxy.
    [GeneratedRegex(@"://[^\s'""<>]*@", RegexOptions.CultureInvariant)]
    private static partial Regex Address();
}
