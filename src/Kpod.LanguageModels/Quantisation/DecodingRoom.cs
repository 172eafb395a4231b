using TorchSharp;

namespace Kpod.LanguageModels.Quantisation;

/// <summary>
/// Memory into which the quantised matrices of one model are decoded in turns. Fresh memory for each would cost more than the decoding: the system clears and maps every page of it anew.
/// </summary>
internal sealed class DecodingRoom : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<torch.ScalarType, torch.Tensor> _memory = [];

    /// <summary>Computes something with a decoded matrix.</summary>
    /// <param name="weight">The matrix.</param>
    /// <param name="use">Is given (rows, columns), which means nothing any more when it returns; what it gives must not share its memory.</param>
    /// <returns>What <paramref name="use"/> gave.</returns>
    public torch.Tensor With(QuantisedWeight weight, Func<torch.Tensor, torch.Tensor> use)
    {
        lock (_lock)
        {
            using var scope = torch.NewDisposeScope();
            var values = Memory(weight.Type, weight.Rows * weight.Columns).view(weight.Rows, weight.Columns);
            weight.DecodeTo(values);
            return use(values.to(weight.Device)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Frees the memory; a later use takes it again.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var memory in _memory.Values)
            {
                memory.Dispose();
            }

            _memory.Clear();
        }
    }

    private torch.Tensor Memory(torch.ScalarType type, long elements)
    {
        if (!_memory.TryGetValue(type, out var memory) || memory.shape[0] < elements)
        {
            memory?.Dispose();
            _memory[type] = memory = torch.empty(elements, dtype: type).DetachFromDisposeScope();
        }

        return memory.narrow(0, 0, elements);
    }
}
