using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Filters;

/// <summary>Filters of numbers.</summary>
internal static class NumberFilters
{
    /// <summary><c>abs</c>.</summary>
    public static object? Abs(object? value, CallArguments call)
    {
        call.Bind();
        return value switch
        {
            double real => Math.Abs(real),
            bool or BigInteger => BigInteger.Abs(PythonNumbers.ToInteger(value)),
            _ => throw TemplateFault.Type($"bad operand type for abs(): '{TypeNames.Of(value)}'"),
        };
    }

    /// <summary><c>int</c>.</summary>
    public static object? Int(object? value, CallArguments call)
    {
        var arguments = call.Bind(("default", BigInteger.Zero), ("base", new BigInteger(10)));
        switch (value)
        {
            case Undefined undefined:
                throw undefined.Fault();
            case bool or BigInteger:
                return PythonNumbers.ToInteger(value);
            case double real:
                return double.IsInfinity(real) ? throw new TemplateFault("OverflowError", "cannot convert float infinity to integer") : double.IsNaN(real) ? arguments[0] : new BigInteger(real);
            case TemplateText text:
                return PythonNumbers.ParseInteger(text.Value, PythonNumbers.ToInt32(arguments[1])) is { } whole ? whole
                    : PythonNumbers.ParseDouble(text.Value) is { } parsed && double.IsFinite(parsed) ? new BigInteger(parsed)
                    : arguments[0];
            default:
                return arguments[0];
        }
    }

    /// <summary><c>float</c>.</summary>
    public static object? Float(object? value, CallArguments call)
    {
        var fallback = call.Bind(("default", 0.0))[0];
        return value switch
        {
            Undefined undefined => throw undefined.Fault(),
            TemplateText text => PythonNumbers.ParseDouble(text.Value) ?? fallback,
            _ => PythonNumbers.IsNumber(value) ? PythonNumbers.ToDouble(value) : fallback,
        };
    }

    /// <summary><c>round</c>.</summary>
    public static object? Round(object? value, CallArguments call)
    {
        var arguments = call.Bind(("precision", BigInteger.Zero), ("method", TemplateText.Own("common")));
        var (precision, method) = (PythonNumbers.ToInt32(arguments[0]), PythonText.Str(arguments[1]).Value);
        if (method is not ("common" or "ceil" or "floor"))
        {
            throw new TemplateFault("FilterArgumentError", "method must be common, ceil or floor");
        }

        if (!PythonNumbers.IsNumber(value))
        {
            throw TemplateFault.Type($"type {TypeNames.Of(value)} doesn't define __round__ method");
        }

        if (method != "common")
        {
            var scale = PythonNumbers.Compute("**", new BigInteger(10), new BigInteger(precision));
            var scaled = PythonNumbers.Compute("*", value, scale);
            var whole = scaled is double real ? new BigInteger(method == "ceil" ? Math.Ceiling(real) : Math.Floor(real)) : scaled;
            return PythonNumbers.Compute("/", whole, scale);
        }

        return value is double rounded ? ExactRounding.Round(rounded, precision) : (object)RoundInteger(PythonNumbers.ToInteger(value), precision);
    }

    private static BigInteger RoundInteger(BigInteger whole, int precision)
    {
        if (precision >= 0)
        {
            return whole;
        }

        var unit = (BigInteger)PythonNumbers.Compute("**", new BigInteger(10), new BigInteger(-(long)precision));
        var quotient = (BigInteger)PythonNumbers.Compute("//", whole, unit);
        var half = ((whole - (quotient * unit)) * 2).CompareTo(unit);
        return (half > 0 || (half == 0 && !quotient.IsEven) ? quotient + 1 : quotient) * unit;
    }
}
