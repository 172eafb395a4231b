using TorchSharp;

namespace Kpod.LanguageModels.Decoding;

/// <summary>Keys and values of the tokens that a causal model has read, layer by layer. It holds no gradients: write to it under <c>torch.no_grad()</c>.</summary>
public sealed class KeyValueCache : IDisposable
{
    private const long Step = 64; // tokens by which the capacity grows at least; measured: what is gone through in vain costs as much as what is used

    private readonly torch.Tensor?[] _keys;
    private readonly torch.Tensor?[] _values;

    private readonly bool _readsWhole;
    private readonly long _step;

    /// <summary>Makes an empty cache.</summary>
    /// <param name="layers">Number of blocks of the model.</param>
    public KeyValueCache(int layers)
        : this(layers, readsWhole: false)
    {
    }

    /// <summary>Makes an empty cache.</summary>
    /// <param name="layers">Number of blocks of the model.</param>
    /// <param name="readsWhole">
    /// Whether what is appended behind the first tokens is read with the room that is still free, which a mask must hide: products of whole tensors need no copy.
    /// </param>
    /// <param name="grows">Whether anything will be appended behind the first tokens, so that room is kept for it.</param>
    internal KeyValueCache(int layers, bool readsWhole, bool grows = true)
    {
        _readsWhole = readsWhole;
        _step = grows ? Step : 0;
        _keys = new torch.Tensor?[layers];
        _values = new torch.Tensor?[layers];
    }

    /// <summary>Number of tokens that every layer has read.</summary>
    public long Length { get; private set; }

    /// <summary>Number of columns that <see cref="Append"/> will return.</summary>
    /// <param name="tokens">Number of new tokens.</param>
    /// <returns>The old tokens, the new ones, and the free room behind them where that is read too.</returns>
    internal long WidthWith(long tokens) => _readsWhole && Length > 0 ? CapacityFor(_keys[0], Length + tokens) : Length + tokens;

    /// <summary>Drops sequences.</summary>
    /// <param name="rows">Indices, int64, of the sequences to keep.</param>
    public void Keep(torch.Tensor rows)
    {
        using var scope = torch.NewDisposeScope();
        for (var layer = 0; layer < _keys.Length; layer++)
        {
            _keys[layer] = Replace(_keys[layer], old => old.index_select(0, rows));
            _values[layer] = Replace(_values[layer], old => old.index_select(0, rows));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
        {
            tensor?.Dispose();
        }
    }

    /// <summary>Writes the keys and values of new tokens behind the old ones.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="key">(batch, heads, new tokens, head width).</param>
    /// <param name="value">As <paramref name="key"/>.</param>
    /// <returns>All keys and values up to now, old and new: (batch, heads, <see cref="WidthWith"/>, head width) each; views that stay valid until the next call.</returns>
    internal (torch.Tensor Keys, torch.Tensor Values) Append(int layer, torch.Tensor key, torch.Tensor value)
    {
        var total = Length + key.shape[2];
        var width = WidthWith(key.shape[2]);
        return (Write(ref _keys[layer], key, total, width), Write(ref _values[layer], value, total, width));
    }

    /// <summary>What a layer has written.</summary>
    /// <param name="layer">The layer.</param>
    /// <returns>Keys and values, (batch, heads, tokens, head width) each; views.</returns>
    internal (torch.Tensor Keys, torch.Tensor Values) Read(int layer) => (_keys[layer]!.narrow(2, 0, Length), _values[layer]!.narrow(2, 0, Length));

    /// <summary>Counts new tokens as read, once every layer has appended them.</summary>
    /// <param name="tokens">Number of new tokens.</param>
    internal void Advance(long tokens) => Length += tokens;

    private static torch.Tensor? Replace(torch.Tensor? old, Func<torch.Tensor, torch.Tensor> make)
    {
        if (old is null)
        {
            return null;
        }

        var changed = make(old).DetachFromDisposeScope();
        old.Dispose();
        return changed;
    }

    private long CapacityFor(torch.Tensor? store, long total) => store is not null && store.shape[2] >= total ? store.shape[2] : total + _step;

    private torch.Tensor Write(ref torch.Tensor? store, torch.Tensor added, long total, long width)
    {
        if (store is null || store.shape[2] < total)
        {
            // Zeros: what a mask hides is still multiplied.
            var grown = torch.zeros([added.shape[0], added.shape[1], CapacityFor(store, total), added.shape[3]], dtype: added.dtype, device: added.device).DetachFromDisposeScope();
            if (store is not null)
            {
                grown.narrow(2, 0, Length).copy_(store.narrow(2, 0, Length));
                store.Dispose();
            }

            store = grown;
        }

        store.narrow(2, Length, total - Length).copy_(added);
        return width == store.shape[2] ? store.alias() : store.narrow(2, 0, width);
    }
}
