using System.Collections;
using System.Globalization;
using System.Text.Json;

namespace Kpod.Recipes;

/// <summary>A recipe's values by dotted key, defaults included, to show where two recipes differ.</summary>
internal static class RecipeValues
{
    /// <summary>Lists the values of a record and of the records in it.</summary>
    /// <param name="options">A recipe or a section of one.</param>
    /// <returns>Values by key, in the order of the properties; a value that is not set is <c>none</c>.</returns>
    public static IReadOnlyDictionary<string, string> Of(object options)
    {
        var values = new Dictionary<string, string>();
        Collect(options, string.Empty, values);
        return values;
    }

    private static void Collect(object options, string prefix, Dictionary<string, string> values)
    {
        foreach (var property in options.GetType().GetProperties().Where(property => property.CanWrite))
        {
            var key = prefix + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var value = property.GetValue(options);
            if (value is null or string or ValueType or IEnumerable)
            {
                values[key] = Text(value);
            }
            else
            {
                Collect(value, key + ".", values);
            }
        }
    }

    private static string Text(object? value) => value switch
    {
        null => "none",
        string text => text,
        bool flag => flag ? "true" : "false",
        Enum name => JsonNamingPolicy.CamelCase.ConvertName(name.ToString()),
        IEnumerable list => $"[{string.Join(", ", list.Cast<object>().Select(Text))}]",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };
}
