using Kpod.LanguageModels.Testing;
using TorchSharp;
using Xunit.Sdk;

namespace Kpod.LanguageModels.Tests.Native;

public sealed class LeakCheckTests
{
    [Fact]
    public void A_detached_tensor_that_nobody_disposes_of_is_noticed()
    {
        var leaked = new List<torch.Tensor>();
        Assert.ThrowsAny<XunitException>(() => LeakCheck.IsFlat(() =>
        {
            using var scope = torch.NewDisposeScope();
            leaked.Add(torch.ones(2).add(1).DetachFromDisposeScope());
        }));
        leaked.ForEach(tensor => tensor.Dispose());
    }

    [Fact]
    public void A_tensor_outside_of_any_scope_is_noticed()
    {
        var leaked = new List<torch.Tensor>();
        Assert.ThrowsAny<XunitException>(() => LeakCheck.IsFlat(() => leaked.Add(torch.ones(2))));
        leaked.ForEach(tensor => tensor.Dispose());
    }

    [Fact]
    public void What_is_detached_and_disposed_of_later_is_no_leak()
    {
        torch.Tensor? held = null;
        LeakCheck.IsFlat(() =>
        {
            using var scope = torch.NewDisposeScope();
            held?.Dispose();
            held = torch.ones(2).add(1).DetachFromDisposeScope();
        });
        held!.Dispose();
    }
}
