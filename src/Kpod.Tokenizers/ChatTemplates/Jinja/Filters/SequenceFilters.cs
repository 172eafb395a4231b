using System.Numerics;
using Kpod.Tokenizers.ChatTemplates.Jinja.Operations;
using Kpod.Tokenizers.ChatTemplates.Jinja.Text;
using Kpod.Tokenizers.ChatTemplates.Jinja.Values;

namespace Kpod.Tokenizers.ChatTemplates.Jinja.Filters;

/// <summary>Filters of what has items.</summary>
internal static class SequenceFilters
{
    /// <summary><c>length</c>.</summary>
    public static object? Length(object? value, CallArguments call)
    {
        call.Bind();
        return new BigInteger(PythonValues.Length(value));
    }

    /// <summary><c>first</c>.</summary>
    public static object? First(object? value, CallArguments call)
    {
        call.Bind();
        foreach (var item in PythonValues.Iterate(value))
        {
            return item;
        }

        return new Undefined("No first item, sequence was empty.");
    }

    /// <summary><c>last</c>.</summary>
    public static object? Last(object? value, CallArguments call)
    {
        call.Bind();
        if (value is PythonIterator)
        {
            throw TemplateFault.Type("'generator' object is not reversible");
        }

        var items = PythonValues.ToList(value);
        return items.Count > 0 ? items[^1] : new Undefined("No last item, sequence was empty.");
    }

    /// <summary><c>reverse</c>.</summary>
    public static object? Reverse(object? value, CallArguments call)
    {
        call.Bind();
        if (PythonValues.TryIterate(value) is null)
        {
            throw new TemplateFault("FilterArgumentError", "argument must be iterable");
        }

        return value switch
        {
            TemplateText text => TemplateTextBuilder.Join(text.CodePoints().Reverse()),
            PythonIterator => new PythonList([.. PythonValues.Iterate(value).Reverse()]),
            _ => new PythonIterator(PythonValues.ToList(value).Reverse()),
        };
    }

    /// <summary><c>items</c>.</summary>
    public static object? Items(object? value, CallArguments call)
    {
        call.Bind();
        return value switch
        {
            Undefined => new PythonIterator([]),
            PythonDictionary dictionary => new PythonIterator(new DictionaryView(dictionary, "items").Items),
            _ => new PythonIterator(Refuse()),
        };

        static IEnumerable<object?> Refuse() => new object?[] { null }.Select(static object? (_) => throw TemplateFault.Type("Can only get item pairs from a mapping."));
    }

    /// <summary><c>join</c>.</summary>
    public static object? Join(object? value, CallArguments call)
    {
        var arguments = call.Bind(("d", TemplateText.Empty), ("attribute", null));
        var items = PythonValues.Iterate(value);
        items = arguments[1] is null ? items : items.Select(new AttributePath(arguments[1]).Get);
        return TextParts.Join(PythonText.Str(arguments[0]), items.Select(PythonText.Str));
    }

    /// <summary><c>sum</c>.</summary>
    public static object? Sum(object? value, CallArguments call)
    {
        var arguments = call.Bind(("attribute", null), ("start", BigInteger.Zero));
        if (arguments[1] is TemplateText)
        {
            throw TemplateFault.Type("sum() can't sum strings [use ''.join(seq) instead]");
        }

        var items = PythonValues.Iterate(value);
        items = arguments[0] is null ? items : items.Select(new AttributePath(arguments[0]).Get);
        return items.Aggregate(arguments[1], static (sum, item) => PythonOperators.Apply("+", sum, item));
    }

    /// <summary><c>batch</c>: lists of so many items.</summary>
    public static object? Batch(object? value, CallArguments call)
    {
        var arguments = call.Bind(("linecount", CallArguments.Required), ("fill_with", null));
        var count = PythonNumbers.ToInt32(arguments[0]);
        return new PythonIterator(Batches());

        IEnumerable<object?> Batches()
        {
            var batch = new List<object?>();
            foreach (var item in PythonValues.Iterate(value))
            {
                if (batch.Count == count)
                {
                    yield return new PythonList([.. batch]);
                    batch.Clear();
                }

                batch.Add(item);
            }

            if (batch.Count > 0)
            {
                var missing = arguments[1] is null ? 0 : Math.Max(0, count - batch.Count);
                RenderBudget.Spend(missing);
                yield return new PythonList([.. batch, .. Enumerable.Repeat(arguments[1], missing)]);
            }
        }
    }

    /// <summary><c>slice</c>: so many lists of about the same length.</summary>
    public static object? Slice(object? value, CallArguments call)
    {
        var arguments = call.Bind(("slices", CallArguments.Required), ("fill_with", null));
        var slices = PythonNumbers.ToInt32(arguments[0]);
        return new PythonIterator(Slices());

        IEnumerable<object?> Slices()
        {
            var items = PythonValues.ToList(value);
            if (slices == 0)
            {
                throw new TemplateFault("ZeroDivisionError", "integer division or modulo by zero");
            }

            var (least, longer) = Math.DivRem(items.Count, slices);
            for (var (slice, start) = (0, 0); slice < slices; slice++)
            {
                RenderBudget.Step();
                var end = start + least + (slice < longer ? 1 : 0);
                object?[] fill = arguments[1] is not null && slice >= longer ? [arguments[1]] : [];
                yield return new PythonList([.. items.Skip(start).Take(end - start), .. fill]);
                start = end;
            }
        }
    }
}
