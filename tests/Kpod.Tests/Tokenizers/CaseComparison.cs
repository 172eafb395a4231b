using Kpod.Testing;
using Kpod.Tests.Verification;
using Kpod.Tokenizers;
using Kpod.Verification;

namespace Kpod.Tests.Tokenizers;

/// <summary>Holds a tokenizer that stands in no file against recorded cases.</summary>
internal static class CaseComparison
{
    public static void AssertNoDifference(Tokenizer tokenizer, int count, params string[] cases)
    {
        var report = new ReportBuilder(tolerance: 0);
        TokenizerCases.Check(report, tokenizer, isSentencePiece: false, SharedFolder.PathOf(["fixtures", "tokenizers", .. cases]));
        VerificationAssert.Passes(report.ToReport());
        Assert.All(report.ToReport().Checks, check => Assert.Equal(count, check.Values));
    }
}
