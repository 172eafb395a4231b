namespace Kpod.LanguageModels.Llama;

/// <summary>How the rotary frequencies of a model are stretched for longer texts than it was first trained on.</summary>
public abstract record RopeScaling
{
    private RopeScaling()
    {
    }

    /// <summary>Scales the plain frequencies.</summary>
    /// <param name="frequencies">theta^(-2i/d), one per rotary pair; changed in place.</param>
    internal abstract void Apply(Span<float> frequencies);

    /// <summary>
    /// The rule of LLaMA 3.1, <c>rope_type</c> "llama3": long waves are divided by a factor, short ones kept, those between blended
    /// (with wavelength 2π/f and s = (original / wavelength - low) / (high - low): f' = (1 - s) f / factor + s f).
    /// </summary>
    /// <param name="Factor">What long waves are divided by.</param>
    /// <param name="LowFrequencyFactor">Waves longer than the original length divided by this are long.</param>
    /// <param name="HighFrequencyFactor">Waves shorter than the original length divided by this are short.</param>
    /// <param name="OriginalLength">The length that the model was first trained on, in tokens.</param>
    public sealed record Llama3(double Factor, double LowFrequencyFactor, double HighFrequencyFactor, int OriginalLength) : RopeScaling
    {
        internal override void Apply(Span<float> frequencies)
        {
            foreach (ref var frequency in frequencies)
            {
                var turns = OriginalLength * frequency / (2 * Math.PI);
                var kept = Math.Clamp((turns - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor), 0, 1);
                frequency = (float)(((1 - kept) * frequency / Factor) + (kept * frequency));
            }
        }
    }

    /// <summary>One divisor per rotary pair, as GGUF files store any scaling (tensor <c>rope_freqs.weight</c>).</summary>
    /// <param name="Divisors">As many as the model has rotary pairs.</param>
    public sealed record PerFrequency(IReadOnlyList<float> Divisors) : RopeScaling
    {
        internal override void Apply(Span<float> frequencies)
        {
            for (var pair = 0; pair < frequencies.Length; pair++)
            {
                frequencies[pair] /= Divisors[pair];
            }
        }
    }
}
