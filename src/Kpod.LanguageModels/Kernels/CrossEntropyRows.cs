using System.Numerics;
using System.Runtime.CompilerServices;
using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Kernels;

/// <summary>Cross-entropy on the CPU together with its gradient, each row of logits being read and written once.</summary>
internal static unsafe class CrossEntropyRows
{
    private const int PartLength = 1024; // numbers that are added up before their sum is: a vocabulary is too long for float32 otherwise

    /// <summary>Puts the gradient of each row's loss, softmax less one-hot, in the place of its logits.</summary>
    /// <param name="logits">(rows, vocabulary), float32, contiguous, in main memory; changed.</param>
    /// <param name="targets">(rows), int64.</param>
    /// <returns>-log P of each target, (rows).</returns>
    public static torch.Tensor Replace(torch.Tensor logits, torch.Tensor targets)
    {
        using var scope = torch.NewDisposeScope();
        var (rows, vocabulary) = (logits.shape[0], (int)logits.shape[1]);
        var losses = torch.empty(rows, dtype: torch.ScalarType.Float32);
        var (places, changed, results) = (targets.data<long>().ToArray(), new TensorRows(logits), new TensorRows(losses));
        if (places.Length != rows || Array.Exists(places, place => place < 0 || place >= vocabulary))
        {
            throw new ArgumentException($"{rows} rows need as many targets, each below {vocabulary}.", nameof(targets));
        }

        ThreadTeam.Divide(rows, 1, (from, to) => Replace(changed, places, results, vocabulary, from, to));
        return losses.MoveToOuterDisposeScope();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Replace(TensorRows logits, long[] targets, TensorRows losses, int vocabulary, long from, long to)
    {
        var room = TensorRows.Room(vocabulary);
        using var memory = new RowMemory(room);
        var row = memory.Start;
        for (var index = from; index < to; index++)
        {
            logits.Read(index * vocabulary, vocabulary, row);
            new Span<float>(row + vocabulary, room - vocabulary).Fill(float.NegativeInfinity);
            var target = row[targets[index]];
            var most = VectorFunctions.Largest(row, room);
            var sum = Exponentials(row, room, most);
            var loss = MathF.Log(sum) + (most - target);
            var inverse = Vector.Create(1 / sum);
            for (var place = 0; place < room; place += TensorRows.Lanes)
            {
                (Vector.Load(row + place) * inverse).Store(row + place);
            }

            row[targets[index]] -= 1;
            logits.Write(row, vocabulary, index * vocabulary);
            losses.Write(&loss, 1, index);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Exponentials(float* row, int room, float most)
    {
        var (largest, sum) = (Vector.Create(most), Vector<float>.Zero);
        for (var start = 0; start < room; start += PartLength)
        {
            var part = Vector<float>.Zero;
            for (var place = start; place < Math.Min(room, start + PartLength); place += TensorRows.Lanes)
            {
                var power = VectorFunctions.Exponential(Vector.Load(row + place) - largest);
                power.Store(row + place);
                part += power;
            }

            sum += part;
        }

        return Vector.Sum(sum);
    }
}
