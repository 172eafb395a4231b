using Kpod.Datasets.Questions;
using Kpod.LanguageModels.Native;
using Kpod.RationaleGeneration;
using Kpod.RationaleGeneration.Prompts;
using Kpod.RationaleGeneration.Teachers;

namespace Kpod.Tests.RationaleGeneration.Teachers;

public sealed class TeacherOptionsTests
{
    private static readonly TeacherOptions Server = new() { Teacher = TeacherKind.OpenAi, Model = "m", Store = "s.db" };

    [Fact]
    public void All_faults_are_named_at_once()
    {
        var faults = (Server with
        {
            Model = " ",
            Checkpoint = "c",
            Prompt = PromptKind.FewShot,
            Samples = 0,
            Resamples = -1,
            Temperature = 2.5,
            TopP = 0,
            MaximumTokens = 0,
            TopLogProbabilities = 21,
            Concurrency = 0,
            RequestsPerMinute = 0,
            TokensPerMinute = -5,
            DeadlineSeconds = 0,
            Attempts = 0,
            Budget = 0,
        }).Check("rationales.ask.").ToArray();
        Assert.Equal(
            [
                "model is missing", "checkpoint is c", "examples is missing", "samples is 0", "resamples is -1", "temperature is 2.5", "topP is 0", "maximumTokens is 0", "topLogProbabilities is 21", "concurrency is 0",
                "requestsPerMinute is 0", "tokensPerMinute is -5", "deadlineSeconds is 0", "attempts is 0", "budget is 0", "budget needs rationales.ask.prices",
            ],
            faults.Select(fault => fault["rationales.ask.".Length..].Split(';', ',', ':')[0]));
        Assert.Empty(Server.Check("--"));
    }

    [Fact]
    public void A_local_teacher_takes_a_checkpoint_and_needs_a_temperature_for_more_samples_than_one()
    {
        var local = new TeacherOptions { Teacher = TeacherKind.Local, Checkpoint = "c", Store = "s.db" };
        Assert.Empty(local.Check("--"));
        Assert.Equal("--temperature leaves no chance, so 2 samples would be one and the same; set it above 0, such as 0.7.", Assert.Single((local with { Samples = 2 }).Check("--")));
        Assert.Empty((local with { Samples = 2, Temperature = 0.7 }).Check("--"));
        Assert.Equal(2, (new TeacherOptions { Teacher = TeacherKind.Local, Model = "m", TopLogProbabilities = 3, Store = "s.db" }).Check("--").Count());
    }

    [Fact]
    public void Recorded_and_live_rationales_exclude_each_other_and_wrong_ones_are_not_asked_for_to_be_dropped()
    {
        var options = new RationaleOptions { File = "f", Ask = Server with { Prompt = PromptKind.Counterfactual } };
        Assert.Equal(["rationales.file and rationales.ask exclude each other", "rationales.ask.prompt is counterfactual"], options.Check().Select(fault => fault.Split(':', ',')[0]));
        Assert.Empty((options with { File = null, Filter = RationaleSelection.KeepAll }).Check());
    }

    [Fact]
    public void Where_how_fast_and_for_how_much_does_not_shape_the_rationales()
    {
        var other = Server with
        {
            Endpoint = "http://elsewhere/v1",
            Store = "t.db",
            Concurrency = 2,
            RequestsPerMinute = 1,
            TokensPerMinute = 1,
            DeadlineSeconds = 1,
            Attempts = 1,
            Prices = "p",
            Budget = 1,
            Replay = true,
            Precision = WeightPrecision.Bfloat16,
            Device = ComputeDevice.Cuda,
        };
        Assert.Equal(Server.Shaping("m"), other.Shaping("m"));
        Assert.All(
            [Server with { Samples = 2 }, Server with { Resamples = 1 }, Server with { Temperature = 1 }, Server with { TopP = 0.5 }, Server with { MaximumTokens = 9 }, Server with { Seed = 3 }, Server with { TopLogProbabilities = 2 }, Server with { Prompt = PromptKind.TwoTurn }],
            changed => Assert.NotEqual(Server.Shaping("m"), changed.Shaping("m")));
        Assert.NotEqual(Server.Shaping("m"), Server.Shaping("n"));
    }

    [Fact]
    public void A_sample_sends_its_own_seed_and_a_local_teacher_never_draws_without_one()
    {
        var question = new Question { Id = "q", Text = "How many?", Answer = "1" };
        Assert.Equal(12, new TeacherRequests("m", Server with { Seed = 10 }, seed: 5).First(question, 2).Seed);
        Assert.Null(new TeacherRequests("m", Server, seed: 5).First(question, 2).Seed);
        var local = new TeacherOptions { Teacher = TeacherKind.Local, Checkpoint = "c", Store = "s.db" };
        Assert.Equal(7, new TeacherRequests("m", local with { Temperature = 0.7 }, seed: 5).First(question, 2).Seed);
        Assert.Null(new TeacherRequests("m", local, seed: 5).First(question, 2).Seed);
    }
}
