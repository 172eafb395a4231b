using Kpod.ProgressiveSchedule;
using Kpod.ProgressiveSchedule.Selection;
using Kpod.StepDifficulty;
using Kpod.Verification.Recorded;
using Kpod.Verification.Results;

namespace Kpod.Verification.References;

/// <summary>Holds selections (FTGP, Eq. 13) and whole schedules (Eq. 9 to 13) against recorded ones, with the recorded orders of visits.</summary>
internal static class ScheduleReference
{
    private const string SelectionFile = "ftgp.json";
    private const string ScheduleFile = "schedule.json";

    /// <summary>Checks the files of a folder, whichever are there.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="folder">The folder.</param>
    public static void Check(ReportBuilder report, string folder)
    {
        var (selections, schedules) = (Path.Combine(folder, SelectionFile), Path.Combine(folder, ScheduleFile));
        if (!File.Exists(selections) && !File.Exists(schedules))
        {
            throw new KpodException($"{folder}: holds neither {SelectionFile} nor {ScheduleFile}.");
        }

        if (File.Exists(selections))
        {
            CheckSelections(report, RecordedValue.Read(selections).Items());
        }

        foreach (var (recorded, number) in File.Exists(schedules) ? RecordedValue.Read(schedules).Items().Select((item, index) => (item, index)) : [])
        {
            CheckSchedule(report, ScheduleFile, recorded, $"[{number}] ");
        }
    }

    private static void CheckSelections(ReportBuilder report, IReadOnlyList<RecordedValue> problems)
    {
        var selected = problems.Select(Select).ToArray();
        report.CompareExactly(SelectionFile, "selected", [.. problems.Select(problem => Text(problem["selected"].Integers()))], [.. selected.Select(selection => Text(selection.Items))], index => problems[index].Place);
        report.Compare(SelectionFile, "value", [.. problems.Select(problem => problem["value"].Number())], [.. selected.Select(selection => selection.Value)], report.DoubleTolerance);
        report.Compare(SelectionFile, "cost_of_selected", [.. problems.Select(problem => problem["cost_of_selected"].Number())], [.. selected.Select(selection => selection.Rise)], report.DoubleTolerance);

        // The guarantee of the paper: at least 1/2 - epsilon of the optimum, where that is recorded.
        var solved = problems.Select((problem, index) => (Problem: problem, selected[index].Value)).Where(pair => pair.Problem.Find("optimum") is not null).ToArray();
        var wrong = solved.Where(pair => pair.Value < ((0.5 - pair.Problem["epsilon"].Number()) * pair.Problem["optimum"].Number()) - 1e-9 || pair.Value > pair.Problem["optimum"].Number() + 1e-9).ToArray();
        report.Differing(SelectionFile, "within 1/2 - epsilon of the optimum", wrong.Length, solved.Length, wrong.Length == 0 ? string.Empty : wrong[0].Problem.Place);
    }

    private static StageSelection Select(RecordedValue problem) => Guard(problem, () =>
    {
        var value = new ScheduleValue(problem["cost"].Numbers(), problem["cluster"].Integers(), problem["clusters"].Integer(), problem["beta"].Number());
        var order = problem["visit_order"].Integers();
        return order.Distinct().Count() == order.Length ? Ftgp.Select(value, problem["budget"].Number(), problem["epsilon"].Number(), order)
            : throw problem["visit_order"].Wrong("names an element twice");
    });

    /// <summary>Checks one schedule.</summary>
    /// <param name="report">Hears what is found.</param>
    /// <param name="file">The file that records it.</param>
    /// <param name="recorded">The schedule with its settings.</param>
    /// <param name="prefix">In front of each quantity's name.</param>
    /// <returns>Our schedule.</returns>
    public static StageSchedule CheckSchedule(ReportBuilder report, string file, RecordedValue recorded, string prefix)
    {
        double[][] steps = [.. recorded["step_difficulty"].Items().Select(item => item.Numbers())];
        var stages = recorded["stages"].Items();
        var schedule = Guard(recorded, () => Plan(recorded, steps, stages));
        Exactly("initial_given_steps", [Text(recorded["initial_given_steps"].Integers())], [Text(schedule.InitialGivenSteps)]);
        Exactly("selected", [.. stages.Select(stage => Text(stage["selected"].Integers()))], [.. schedule.Stages.Select(stage => Text(stage.Selected))]);
        Exactly("given_steps", [.. stages.Select(stage => Text(stage["given_steps"].Integers()))], [.. schedule.Stages.Select(stage => Text(stage.GivenSteps))]);
        Close("maximum_difficulty", [recorded["maximum_difficulty"].Number()], [schedule.MaximumDifficulty]);
        Close("u", [recorded["u"].Number()], [schedule.GrowthRate]);
        Close("initial_difficulty", [recorded["initial_difficulty"].Number()], [steps.Select((ofRationale, item) => ofRationale.Skip(schedule.InitialGivenSteps[item]).Sum()).Sum()]);
        Close("ceiling", [.. stages.Select(stage => stage["ceiling"].Number())], [.. schedule.Stages.Select(stage => stage.Ceiling)]);
        Close("difficulty", [.. stages.Select(stage => stage["difficulty"].Number())], [.. schedule.Stages.Select(stage => stage.Difficulty)]);
        return schedule;

        void Exactly(string name, string[] expected, string[] actual) => report.CompareExactly(file, prefix + name, expected, actual, index => $"stage {index + 1}");

        void Close(string name, double[] expected, double[] actual) => report.Compare(file, prefix + name, expected, actual, report.DoubleTolerance);
    }

    private static StageSchedule Plan(RecordedValue recorded, double[][] steps, IReadOnlyList<RecordedValue> stages)
    {
        var options = new ScheduleOptions
        {
            Stages = recorded["T"].Integer(),
            GrowthPower = recorded["p"].Number(),
            InitialShare = recorded["initial_share"].Number(),
            DiversityWeight = recorded["beta"].Number(),
            Clusters = recorded["clusters"].Integer(),
            StepsPerSelection = recorded["delta_s"].Integer(),
            Epsilon = recorded["epsilon"].Number(),
        };
        int[][] rounds = [.. recorded["initial_rounds"].Items().Select(round => Order(round, steps.Length))];
        int[][] orders = [.. stages.Select(stage => Order(stage, steps.Length))];
        int[] identity = [.. Enumerable.Range(0, steps.Length)];
        return StagePlanner.Plan(Rationales(steps), recorded["cluster"].Integers(), options, options.Stages.Value, VisitOrder);

        // The search for a remedy of an unfinished schedule also asks for stages that are not recorded.
        IReadOnlyList<int> VisitOrder(int stage, int round) =>
            stage > orders.Length || (stage == 0 && round >= rounds.Length) ? identity : stage == 0 ? rounds[round] : round == 0 ? orders[stage - 1] : identity;
    }

    private static int[] Order(RecordedValue stage, int count) => stage["visit_order"].Integers() is var order && order.Order().SequenceEqual(Enumerable.Range(0, count)) ? order
        : throw stage["visit_order"].Wrong($"does not name each of the {count} rationales once");

    private static RationaleDifficulty[] Rationales(double[][] steps) => [.. steps.Select((ofRationale, item) => new RationaleDifficulty
    {
        QuestionId = $"step_difficulty[{item}]",
        Sample = 0,
        Steps = [.. ofRationale.Select((difficulty, step) => new StepWithDifficulty(step, step + 1, step, step + 1, difficulty))],
    })];

    private static string Text(IEnumerable<int> items) => string.Join(' ', items);

    // What the planner takes for a mistake of its caller is here one of the file.
    private static T Guard<T>(RecordedValue recorded, Func<T> compute)
    {
        try
        {
            return compute();
        }
        catch (Exception exception) when (exception is ArgumentException or IndexOutOfRangeException)
        {
            throw new KpodException($"{recorded.Place}: {exception.Message}", exception);
        }
    }
}
