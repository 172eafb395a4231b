using Kpod.Tokenizers.Tokens;

namespace Kpod.StepDifficulty;

/// <summary>Says which tokens make up which step, by their place in the text and never by their spelling: LLaMA writes 3.50 as "3", ".", "5", "0".</summary>
public static class TokenSteps
{
    /// <summary>
    /// Gives each token to the step that holds its first character that is no white space. A step without a token of its own is merged with the step before it
    /// (the first with the one after it).
    /// </summary>
    /// <param name="text">The rationale.</param>
    /// <param name="steps">Its steps, which together are the text.</param>
    /// <param name="tokens">Its tokens, at least one; starts never go backwards.</param>
    /// <returns>The steps with their tokens, in order; together they are all of the text and all tokens.</returns>
    public static IReadOnlyList<StepTokens> Map(string text, IReadOnlyList<RationaleStep> steps, IReadOnlyList<Token> tokens)
    {
        if (steps.Count == 0 || tokens.Count == 0)
        {
            throw new ArgumentException($"{steps.Count} steps and {tokens.Count} tokens: a rationale needs one of each at least.");
        }

        var result = new List<StepTokens>();
        var token = 0;
        for (var step = 0; step < steps.Count; step++)
        {
            var firstToken = token;
            while (token < tokens.Count && (step == steps.Count - 1 || FirstCharacter(text, tokens[token]) < steps[step].End))
            {
                token++;
            }

            if (token > firstToken)
            {
                // What no token stood for so far belongs to the first step that has one.
                result.Add(new StepTokens(result.Count == 0 ? 0 : steps[step].Start, steps[step].End, firstToken, token));
            }
            else if (result.Count > 0)
            {
                result[^1] = result[^1] with { End = steps[step].End };
            }
        }

        return result;
    }

    // A token of white space alone, or one that stands for nothing (all but one of the bytes of a character), lies where it starts.
    private static int FirstCharacter(string text, Token token)
    {
        for (var position = token.Start; position < token.End; position++)
        {
            if (!char.IsWhiteSpace(text[position]))
            {
                return position;
            }
        }

        return token.Start;
    }
}
