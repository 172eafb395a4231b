using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using TorchSharp;

namespace Kpod.LanguageModels.Native;

/// <summary>Calls operators of libtorch that TorchSharp does not bind, through libtorch's stable C interface. Gradients flow as through any other operator.</summary>
internal static unsafe partial class AtenOperator
{
    private const string Library = "torch_cpu";

    private static readonly ConcurrentDictionary<string, nint> Names = new(StringComparer.Ordinal);

    /// <summary>Root-mean-square normalisation over the last dimension: x / sqrt(mean(x²) + epsilon) · weight.</summary>
    /// <param name="x">(…, width).</param>
    /// <param name="weight">(width).</param>
    /// <param name="epsilon">Added to the mean square.</param>
    /// <returns>(…, width), of the type of <paramref name="x"/>.</returns>
    public static torch.Tensor RmsNorm(torch.Tensor x, torch.Tensor weight, double epsilon)
    {
        var stack = stackalloc ulong[4];
        stack[0] = Argument(x);
        stack[1] = IntegerList(weight.shape[0]);
        stack[2] = Optional(Argument(weight));
        stack[3] = Optional(BitConverter.DoubleToUInt64Bits(epsilon));
        return Call("aten::rms_norm", string.Empty, stack);
    }

    /// <summary>Rows of a table. Its gradient adds up rows that were taken more than once, in the same order every time; that of <c>index_select</c> does not on a graphics processor.</summary>
    /// <param name="table">(rows, width).</param>
    /// <param name="indices">Any shape, int64.</param>
    /// <returns>(…, width).</returns>
    public static torch.Tensor Rows(torch.Tensor table, torch.Tensor indices)
    {
        var stack = stackalloc ulong[5];
        stack[0] = Argument(table);
        stack[1] = Argument(indices);
        stack[2] = unchecked((ulong)-1L);
        stack[3] = 0;
        stack[4] = 0;
        return Call("aten::embedding", string.Empty, stack);
    }

    /// <summary>The tanh approximation of the Gaussian error linear unit, which T5 v1.1 calls <c>gelu_new</c>.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The shape and type of <paramref name="x"/>.</returns>
    public static torch.Tensor GeluTanh(torch.Tensor x)
    {
        var stack = stackalloc ulong[2];
        stack[0] = Argument(x);
        stack[1] = Text("tanh");
        return Call("aten::gelu", string.Empty, stack);
    }

    /// <summary>Attention with an explicit scale and shared key and value heads: softmax(scale · q kᵀ + mask) v.</summary>
    /// <param name="query">(batch, heads, queries, head width).</param>
    /// <param name="key">(batch, key-value heads, keys, head width).</param>
    /// <param name="value">(batch, key-value heads, keys, head width).</param>
    /// <param name="mask">Additive, broadcastable to (batch, heads, queries, keys), of the query's type; null for none.</param>
    /// <param name="causal">Whether a query sees only the keys up to its own position; excludes a mask.</param>
    /// <param name="scale">What the products are multiplied by.</param>
    /// <returns>(batch, heads, queries, head width).</returns>
    public static torch.Tensor Attention(torch.Tensor query, torch.Tensor key, torch.Tensor value, torch.Tensor? mask, bool causal, double scale)
    {
        var stack = stackalloc ulong[8];
        stack[0] = Argument(query);
        stack[1] = Argument(key);
        stack[2] = Argument(value);
        stack[3] = mask is null ? 0 : Optional(Argument(mask));
        stack[4] = BitConverter.DoubleToUInt64Bits(0);
        stack[5] = causal ? 1UL : 0UL;
        stack[6] = Optional(BitConverter.DoubleToUInt64Bits(scale));
        stack[7] = query.shape[1] != key.shape[1] ? 1UL : 0UL;
        return Call("aten::scaled_dot_product_attention", string.Empty, stack);
    }

    /// <summary>Lays a weight out as oneDNN's products of few rows want it, once instead of at each product. On the CPU only.</summary>
    /// <param name="weight">(outputs, inputs), bfloat16.</param>
    /// <param name="rows">Rows of the products to come.</param>
    /// <returns>The weight in a layout of oneDNN's own; only <see cref="PackedLinear"/> can read it.</returns>
    public static torch.Tensor PackLinearWeight(torch.Tensor weight, long rows)
    {
        var stack = stackalloc ulong[2];
        stack[0] = Argument(weight);
        stack[1] = Optional((ulong)rows);
        return Call("mkldnn::_reorder_linear_weight", string.Empty, stack);
    }

    /// <summary>A linear map with a packed weight; without gradients.</summary>
    /// <param name="x">(…, inputs), bfloat16.</param>
    /// <param name="packed">From <see cref="PackLinearWeight"/>.</param>
    /// <param name="bias">(outputs), bfloat16, or null.</param>
    /// <returns>(…, outputs).</returns>
    public static torch.Tensor PackedLinear(torch.Tensor x, torch.Tensor packed, torch.Tensor? bias)
    {
        var stack = stackalloc ulong[6];
        stack[0] = Argument(x);
        stack[1] = Argument(packed);
        stack[2] = bias is null ? 0 : Optional(Argument(bias));
        stack[3] = Text("none");
        nint none;
        Check(torch_new_list_reserve_size(0, &none));
        stack[4] = (ulong)none;
        stack[5] = 0;
        return Call("mkldnn::_linear_pointwise", string.Empty, stack);
    }

    /// <summary>One step of Adam with decoupled weight decay for many parameters, each read and written once; everything but the step and the divisor is changed in place.</summary>
    /// <param name="values">What is trained, of one type and on one device.</param>
    /// <param name="gradients">The gradient of each; divided by <paramref name="gradientDivisor"/>.</param>
    /// <param name="firstMoments">Running mean of each gradient.</param>
    /// <param name="secondMoments">Running mean of each squared gradient.</param>
    /// <param name="step">The step's number, from 1, as one float32 on the parameters' device.</param>
    /// <param name="gradientDivisor">What gradients are divided by, as one float32 on the parameters' device.</param>
    /// <param name="learningRate">The rate.</param>
    /// <param name="firstDecay">Decay rate of the first moments.</param>
    /// <param name="secondDecay">Decay rate of the second moments.</param>
    /// <param name="epsilon">Keeps from division by zero.</param>
    /// <param name="weightDecay">Weight decay.</param>
    public static void FusedAdamW(
        torch.Tensor[] values, torch.Tensor[] gradients, torch.Tensor[] firstMoments, torch.Tensor[] secondMoments, torch.Tensor step, torch.Tensor gradientDivisor, double learningRate, double firstDecay, double secondDecay, double epsilon, double weightDecay)
    {
        var stack = stackalloc ulong[15];
        stack[0] = TensorList(values);
        stack[1] = TensorList(gradients);
        stack[2] = TensorList(firstMoments);
        stack[3] = TensorList(secondMoments);
        stack[4] = TensorList([]);
        stack[5] = TensorList([.. Enumerable.Repeat(step, values.Length)]);
        stack[6] = BitConverter.DoubleToUInt64Bits(learningRate);
        stack[7] = BitConverter.DoubleToUInt64Bits(firstDecay);
        stack[8] = BitConverter.DoubleToUInt64Bits(secondDecay);
        stack[9] = BitConverter.DoubleToUInt64Bits(weightDecay);
        stack[10] = BitConverter.DoubleToUInt64Bits(epsilon);
        stack[11] = 0;
        stack[12] = 0;
        stack[13] = Optional(Argument(gradientDivisor));
        stack[14] = 0;
        Run("aten::_fused_adamw_", string.Empty, stack);
    }

    /// <summary>Sets many tensors to zero in place.</summary>
    /// <param name="tensors">Of one type and on one device.</param>
    public static void Zero(torch.Tensor[] tensors)
    {
        var stack = stackalloc ulong[1];
        stack[0] = TensorList(tensors);
        Run("aten::_foreach_zero_", string.Empty, stack);
    }

    private static torch.Tensor Call(string name, string overload, ulong* stack)
    {
        Run(name, overload, stack);
        return torch.Tensor.UnsafeCreateTensor((nint)stack[0]);
    }

    private static void Run(string name, string overload, ulong* stack)
    {
        if (aoti_torch_call_dispatcher((byte*)Name(name), (byte*)Name(overload), stack) != 0)
        {
            throw new InvalidOperationException($"libtorch's operator {name} failed; its own message is on standard error.");
        }
    }

    private static nint Name(string name) => Names.GetOrAdd(name, static text => Marshal.StringToCoTaskMemUTF8(text));

    // The callee takes ownership of the handle.
    private static ulong Argument(torch.Tensor tensor)
    {
        nint handle;
        Check(aoti_torch_new_tensor_handle(tensor.Handle, &handle));
        return (ulong)handle;
    }

    // An optional is a pointer to one stack slot, which the callee deletes: memory of malloc, as that of operator new is with the C++ libraries that libtorch is built with.
    private static ulong Optional(ulong value)
    {
        var slot = (ulong*)NativeMemory.Alloc(sizeof(ulong));
        *slot = value;
        return (ulong)slot;
    }

    private static ulong IntegerList(long value)
    {
        nint list;
        Check(torch_new_list_reserve_size(1, &list));
        Check(torch_list_push_back(list, (ulong)value));
        return (ulong)list;
    }

    private static ulong TensorList(torch.Tensor[] tensors)
    {
        nint list;
        Check(torch_new_list_reserve_size((nuint)tensors.Length, &list));
        foreach (var tensor in tensors)
        {
            Check(torch_list_push_back(list, Argument(tensor)));
        }

        return (ulong)list;
    }

    private static ulong Text(string text)
    {
        nint handle;
        Check(torch_new_string_handle((byte*)Name(text), (nuint)text.Length, &handle));
        return (ulong)handle;
    }

    private static void Check(int code)
    {
        if (code != 0)
        {
            throw new InvalidOperationException("libtorch refused an operator's argument; its own message is on standard error.");
        }
    }

#pragma warning disable IDE1006, SYSLIB1054 // Names as libtorch exports them.
    [LibraryImport(Library)]
    private static partial int aoti_torch_call_dispatcher(byte* operatorName, byte* overloadName, ulong* stack);

    [LibraryImport(Library)]
    private static partial int aoti_torch_new_tensor_handle(nint original, nint* handle);

    [LibraryImport(Library)]
    private static partial int torch_new_list_reserve_size(nuint size, nint* list);

    [LibraryImport(Library)]
    private static partial int torch_list_push_back(nint list, ulong value);

    [LibraryImport(Library)]
    private static partial int torch_new_string_handle(byte* text, nuint length, nint* handle);
#pragma warning restore IDE1006, SYSLIB1054
}
