using System.Text;

namespace Kpod.Datasets.Sources;

/// <summary>Cuts JSON text into values without building them, so that a file of any size is read a record at a time.</summary>
internal sealed class JsonScanner
{
    private readonly DataText _text;

    public JsonScanner(DataText text) => _text = text;

    /// <summary>The elements of the list that begins here.</summary>
    /// <returns>The text of each with its number, from 0.</returns>
    public IEnumerable<(string Element, int Number)> Elements()
    {
        Take('[');
        if (_text.SkipSpace() == ']')
        {
            _text.Read();
            yield break;
        }

        for (var number = 0; ; number++)
        {
            yield return (Value(keep: true), number);
            if (!Continues(']'))
            {
                yield break;
            }
        }
    }

    /// <summary>The keys of the object that begins here whose values are lists of objects; whoever takes a key takes the <see cref="Elements"/>, too.</summary>
    /// <returns>The keys in order; all other members are passed over.</returns>
    public IEnumerable<string> ListsOfObjects()
    {
        Take('{');
        if (_text.SkipSpace() == '}')
        {
            _text.Read();
            yield break;
        }

        do
        {
            var key = Value(keep: true).Trim('"');
            Take(':');
            if (BeginsListOfObjects())
            {
                yield return key;
            }
            else
            {
                Value(keep: false);
            }
        }
        while (Continues('}'));
    }

    /// <summary>Checks that the file ends here.</summary>
    public void End()
    {
        if (_text.SkipSpace() >= 0)
        {
            throw NoJson("something stands behind the end of the list");
        }
    }

    /// <summary>A fault of the whole file.</summary>
    /// <param name="message">What it is, without its full stop.</param>
    public KpodException Fault(string message) => new($"{_text.Path}: {message}.");

    private bool BeginsListOfObjects()
    {
        if (_text.SkipSpace() != '[')
        {
            return false;
        }

        var line = _text.Line;
        var taken = new StringBuilder().Append((char)_text.Read());
        while (_text.Peek() is ' ' or '\t' or '\r' or '\n')
        {
            taken.Append((char)_text.Read());
            RefuseLong(taken.Length, line);
        }

        var isObject = _text.Peek() == '{';
        _text.PutBack(taken.ToString(), line);
        return isObject;
    }

    private bool Continues(char end)
    {
        var next = _text.SkipSpace();
        if (next != ',' && next != end)
        {
            throw NoJson(next < 0 ? $"the file ends where ',' or '{end}' should stand" : $"'{(char)next}' stands where ',' or '{end}' should");
        }

        _text.Read();
        return next == ',';
    }

    private void Take(char sign)
    {
        if (_text.SkipSpace() != sign)
        {
            throw NoJson($"'{sign}' is missing");
        }

        _text.Read();
    }

    // A value up to what ends it; whether it is sound inside is for the parser to say.
    private string Value(bool keep)
    {
        var value = new StringBuilder();
        _text.SkipSpace();
        var (line, depth, length) = (_text.Line, 0, 0);
        while (true)
        {
            var next = _text.Peek();
            if (next < 0 || (depth == 0 && next is ',' or ']' or '}' or ':'))
            {
                break;
            }

            depth += next is '[' or '{' ? 1 : next is ']' or '}' ? -1 : 0;
            if (next == '"')
            {
                length += TakeString(value, keep, line);
                continue;
            }

            length++;
            _text.Read();
            Keep(value, next, keep, line);
        }

        return length > 0 && depth == 0 ? value.ToString().TrimEnd() : throw NoJson("the file ends, or a value is missing");
    }

    private int TakeString(StringBuilder value, bool keep, int line)
    {
        var length = 0;
        var isEscaped = false;
        do
        {
            var next = _text.Read();
            if (next < 0)
            {
                throw NoJson("the file ends inside a string");
            }

            Keep(value, next, keep, line);
            length++;
            if (length > 1 && next == '"' && !isEscaped)
            {
                return length;
            }

            isEscaped = next == '\\' && !isEscaped;
        }
        while (true);
    }

    private void Keep(StringBuilder value, int next, bool keep, int line)
    {
        if (keep)
        {
            value.Append((char)next);
            RefuseLong(value.Length, line);
        }
    }

    private void RefuseLong(int length, int line)
    {
        if (length > DataText.MostInRecord)
        {
            throw _text.TooLong(line);
        }
    }

    private KpodException NoJson(string message) => new($"{_text.Path}, line {_text.Line}: no JSON ({message})");
}
