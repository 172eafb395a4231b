using Kpod.RationaleGeneration.Teachers.Calls;
using Kpod.Testing;

namespace Kpod.Tests.RationaleGeneration.Teachers.Calls;

public sealed class TeacherPaceTests
{
    private readonly JumpTime _time = new(TimeSpan.FromHours(10));

    [Fact]
    public async Task Requests_are_spread_over_the_minute()
    {
        var pace = new TeacherPace(requestsPerMinute: 120, tokensPerMinute: null, _time);
        Assert.Equal((double[])[0, 0.5, 1, 1.5, 2], await StartsAsync(pace, 0, 0, 0, 0, 0));
    }

    [Fact]
    public async Task Tokens_are_spread_over_the_minute_and_what_was_not_used_is_given_back()
    {
        var pace = new TeacherPace(requestsPerMinute: null, tokensPerMinute: 600, _time);
        Assert.Equal((double[])[0, 10, 15], await StartsAsync(pace, 100, 50, 50));
        pace.Correct(-30);
        Assert.Equal((double[])[17, 27], await StartsAsync(pace, 100, 10));
        pace.Correct(50);
        Assert.Equal((double[])[33], await StartsAsync(pace, 1));
    }

    [Fact]
    public async Task No_minute_has_more_requests_or_tokens_than_allowed()
    {
        var pace = new TeacherPace(requestsPerMinute: 40, tokensPerMinute: 3000, _time);
        var random = new Random(3);
        int[] tokens = [.. Enumerable.Range(0, 300).Select(_ => random.Next(1, 200))];
        var starts = await StartsAsync(pace, tokens);
        for (var from = 0; from < starts.Length; from++)
        {
            // What is taken stands for the time up to the next start, so the last one of a minute may reach beyond it.
            int[] inMinute = [.. Enumerable.Range(from, starts.Length - from).Where(index => starts[index] < starts[from] + 60 - 1e-9)];
            Assert.InRange(inMinute.Length, 1, 40);
            Assert.InRange(inMinute.SkipLast(1).Sum(index => tokens[index]), 0, 3000);
        }

        Assert.InRange(starts[^1], tokens.SkipLast(1).Sum() / 50.0, (tokens.Sum() / 50.0) + 460);
    }

    [Fact]
    public async Task A_pause_holds_for_all_that_wait_and_the_longest_counts()
    {
        var pace = new TeacherPace(requestsPerMinute: 60, tokensPerMinute: null, _time);
        pace.Pause(TimeSpan.FromSeconds(30));
        pace.Pause(TimeSpan.FromSeconds(5));
        Assert.Equal((double[])[30, 31, 32], await StartsAsync(pace, 0, 0, 0));
    }

    [Fact]
    public async Task A_wait_can_be_ended()
    {
        using var stop = new CancellationTokenSource();
        var pace = new TeacherPace(requestsPerMinute: 1, tokensPerMinute: null, TimeProvider.System);
        await pace.WaitAsync(0, stop.Token);
        var waiting = pace.WaitAsync(0, stop.Token);
        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    private async Task<double[]> StartsAsync(TeacherPace pace, params int[] tokens)
    {
        var starts = new List<double>();
        foreach (var count in tokens)
        {
            await pace.WaitAsync(count, default);
            starts.Add(Math.Round(_time.Now.TotalSeconds, 6));
        }

        return [.. starts];
    }
}
