using System.Globalization;
using Kpod.Reports;
using Kpod.Reports.Markup;

namespace Kpod.Tests.Reports.Markup;

public sealed class ReportNumberTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.0123456, "0.0123")]
    [InlineData(0.0005, "5e-4")]
    [InlineData(0.00012345, "1.23e-4")]
    [InlineData(-0.00012345, "-1.23e-4")]
    [InlineData(1.0049, "1")]
    [InlineData(3.14159, "3.14")]
    [InlineData(12345.678, "12,346")]
    [InlineData(123456789, "1.23e8")]
    [InlineData(double.NaN, "not a number")]
    [InlineData(double.NegativeInfinity, "minus infinite")]
    public void Significant_digits(double value, string expected) => Assert.Equal(expected, ReportNumber.Significant(value));

    [Theory]
    [InlineData(0.1067, 1, "0.1")]
    [InlineData(-0.0001, 2, "0.00")]
    [InlineData(-1.5, 0, "-2")]
    [InlineData(double.PositiveInfinity, 2, "infinite")]
    public void Fixed_digits_never_show_a_negative_zero(double value, int digits, string expected) => Assert.Equal(expected, ReportNumber.Fixed(value, digits));

    [Theory]
    [InlineData(0.424, "0.42 s")]
    [InlineData(12.34, "12.3 s")]
    [InlineData(59.94, "59.9 s")]
    [InlineData(59.96, "1 min 00 s")]
    [InlineData(272.4, "4 min 32 s")]
    [InlineData(3599.6, "1 h 00 min")]
    [InlineData(3780, "1 h 03 min")]
    [InlineData(360000, "100 h 00 min")]
    [InlineData(double.NaN, "unknown")]
    [InlineData(-1, "unknown")]
    public void Durations_are_said_in_their_own_unit(double seconds, string expected) => Assert.Equal(expected, ReportNumber.Duration(seconds));

    [Theory]
    [InlineData(113, 160.9, "113.0")]
    [InlineData(0.5, 2.25, "0.500")]
    [InlineData(12345.6, 54321, "12,346")]
    [InlineData(1, 0, "1.000")]
    public void Numbers_of_a_column_have_the_same_digits_after_the_point(double value, double greatest, string expected) =>
        Assert.Equal(expected, ReportNumber.InColumn(value, greatest));

    [Theory]
    [InlineData(0, "0 stages")]
    [InlineData(1, "1 stage")]
    [InlineData(1200, "1,200 stages")]
    public void Counts_agree_with_what_is_counted(long value, string expected) => Assert.Equal(expected, ReportNumber.Count(value, "stage"));

    [Theory]
    [InlineData(0.1067, "10.7 %")]
    [InlineData(1, "100.0 %")]
    public void Shares_are_shown_in_percent(double share, string expected) => Assert.Equal(expected, ReportNumber.Percent(share));

    [Theory]
    [InlineData(12.04, "12")]
    [InlineData(12.05001, "12.1")]
    [InlineData(-0.01, "0")]
    public void Coordinates_have_one_digit_at_most(double value, string expected) => Assert.Equal(expected, ReportNumber.Coordinate(value));

    [Fact]
    public void A_page_is_the_same_in_a_culture_with_other_separators()
    {
        var before = CultureInfo.CurrentCulture;
        var invariant = RunPage.Render(DemoRun.Kpod());
        try
        {
            var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            other.NumberFormat.NumberDecimalSeparator = ",";
            other.NumberFormat.NumberGroupSeparator = ".";
            other.NumberFormat.NegativeSign = "−";
            CultureInfo.CurrentCulture = other;
            Assert.Equal("1,5", 1.5.ToString(CultureInfo.CurrentCulture)); // The culture is in force.
            Assert.Equal(invariant, RunPage.Render(DemoRun.Kpod()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
