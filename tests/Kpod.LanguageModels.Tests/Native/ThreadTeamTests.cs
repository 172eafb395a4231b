using Kpod.LanguageModels.Kernels;
using Kpod.LanguageModels.Native;
using TorchSharp;

namespace Kpod.LanguageModels.Tests.Native;

public sealed class ThreadTeamTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(1000, 1)]
    [InlineData(1000, 600)]
    public void Each_place_is_worked_on_once_whatever_the_number_of_threads(long count, long least)
    {
        WithThreads([1, 2, 3], () =>
        {
            var visits = new int[count];
            ThreadTeam.Divide(count, least, (from, to) =>
            {
                for (var place = from; place < to; place++)
                {
                    Interlocked.Increment(ref visits[place]);
                }
            });
            Assert.All(visits, visit => Assert.Equal(1, visit));
        });
    }

    [Fact]
    public void A_failure_comes_back_to_the_caller() => WithThreads(
        [2],
        () => Assert.ThrowsAny<Exception>(() => ThreadTeam.Divide(100, 1, (_, _) => throw new FormatException())));

    [Fact]
    public void A_norm_and_its_gradients_are_the_same_to_the_bit_with_any_number_of_threads()
    {
        using var scope = torch.NewDisposeScope();
        torch.manual_seed(6);
        var (x, weight) = (torch.randn(333, 200).requires_grad_(true), torch.randn(200).requires_grad_(true));
        List<float[]> results = [];
        WithThreads([1, 2, 3], () =>
        {
            var y = RmsNorm.Apply(x, weight, 1e-5);
            var gradients = torch.autograd.grad([y], [x, weight], [y.detach()]);
            results.Add([.. y.data<float>(), .. gradients[0].data<float>(), .. gradients[1].data<float>()]);
        });
        Assert.All(results, result => Assert.Equal(results[0], result));
    }

    private static void WithThreads(int[] counts, Action work)
    {
        var threads = torch.get_num_threads();
        try
        {
            foreach (var count in counts)
            {
                torch.set_num_threads(count);
                work();
            }
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }
}
