using System.Numerics;
using System.Runtime.CompilerServices;
using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>Rotary positions for kernels of our own: dimension i turns with dimension i + d/2 (Su et al., 2021).</summary>
internal readonly unsafe struct RotaryRows
{
    private readonly TensorRows _cosine;
    private readonly TensorRows _signedSine;
    private readonly long _textStride;
    private readonly int _width;
    private readonly bool _back;

    /// <summary>Takes the angles.</summary>
    /// <param name="cosine">(batch or 1, 1, tokens, d), contiguous, its second half like the first; kept alive by the caller.</param>
    /// <param name="signedSine">The same, the first half negated.</param>
    /// <param name="back">Whether to turn backwards.</param>
    public RotaryRows(torch.Tensor cosine, torch.Tensor signedSine, bool back)
    {
        (_cosine, _signedSine, _back) = (new TensorRows(cosine), new TensorRows(signedSine), back);
        _width = (int)cosine.shape[^1];
        _textStride = cosine.shape[0] == 1 ? 0 : cosine.shape[^2];
    }

    /// <summary>Gets ready to turn the heads of a token.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="token">Its place in the batch's rows.</param>
    /// <param name="room">Room for three rows.</param>
    public void ReadAngles(long text, long token, float* room)
    {
        var place = ((text * _textStride) + token) * _width;
        var length = TensorRows.Room(_width);
        _cosine.Read(place, _width, room);
        _signedSine.Read(place, _width, room + length);
        for (var index = length; _back && index < 2 * length; index++)
        {
            room[index] = -room[index];
        }
    }

    /// <summary>Turns a head.</summary>
    /// <param name="row">Its numbers.</param>
    /// <param name="room">What <see cref="ReadAngles"/> has filled.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Turn(float* row, float* room)
    {
        var (length, half) = (TensorRows.Room(_width), _width / 2);
        var partners = room + (2 * length);
        new ReadOnlySpan<float>(row + half, half).CopyTo(new Span<float>(partners, half));
        new ReadOnlySpan<float>(row, half).CopyTo(new Span<float>(partners + half, half));
        for (var index = 0; index < length; index += TensorRows.Lanes)
        {
            Vector.MultiplyAddEstimate(Vector.Load(partners + index), Vector.Load(room + length + index), Vector.Load(row + index) * Vector.Load(room + index)).Store(row + index);
        }
    }
}
