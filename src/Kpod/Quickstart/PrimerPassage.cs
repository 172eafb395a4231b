namespace Kpod.Quickstart;

/// <summary>A short text that a base is pre-trained on: an encoder-decoder reads the first part and writes the second, a causal model learns the whole.</summary>
/// <param name="Given">What is read; ends without a space.</param>
/// <param name="Written">What is written behind it; starts without a space.</param>
internal sealed record PrimerPassage(string Given, string Written);
