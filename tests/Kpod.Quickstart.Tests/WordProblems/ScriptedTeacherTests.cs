using Kpod.Quickstart.WordProblems;

namespace Kpod.Quickstart.Tests.WordProblems;

public sealed class ScriptedTeacherTests
{
    private static readonly IReadOnlyList<WordProblem> Problems = new WordProblemGenerator(11).Draw(120, 1, 1).Train;

    [Fact]
    public void Digits_and_operators_of_the_calculations_are_keypoints_and_filler_is_not()
    {
        var teacher = new ScriptedTeacher(1, wrongShare: 0);
        foreach (var problem in Problems)
        {
            var rationale = teacher.Explain(problem, 0);
            var body = rationale.Text[..rationale.Text.LastIndexOf(" Therefore, the answer is ", StringComparison.Ordinal)];
            bool IsKeypoint(int place) => rationale.Keypoints.Any(span => place >= span.Start && place < span.End);
            Assert.All(Enumerable.Range(0, body.Length).Where(place => char.IsAsciiDigit(body[place]) || "+*/=".Contains(body[place], StringComparison.Ordinal)), place => Assert.True(IsKeypoint(place), body));
            Assert.All(rationale.Keypoints, span => Assert.True(span.Start < span.End && span.End <= body.Length, body));
            foreach (var filler in TeacherWording.Remarks.Concat(TeacherWording.Closers).Concat(TeacherWording.Interjections))
            {
                for (var found = body.IndexOf(filler, StringComparison.Ordinal); found >= 0; found = body.IndexOf(filler, found + 1, StringComparison.Ordinal))
                {
                    Assert.DoesNotContain(Enumerable.Range(found, filler.Length), IsKeypoint);
                }
            }
        }
    }

    [Fact]
    public void Most_results_stand_some_way_behind_their_operands()
    {
        var teacher = new ScriptedTeacher(1, wrongShare: 0);
        var interjected = Problems.Select(problem => teacher.Explain(problem, 0)).ToArray();
        var calculations = interjected.Sum(rationale => rationale.Steps.Count);
        var interrupted = interjected.Sum(rationale => TeacherWording.Interjections.Sum(words => rationale.Text.Split(words).Length - 1));

        Assert.InRange(interrupted / (double)calculations, 0.5, 0.8);
        Assert.All(interjected, rationale => Assert.DoesNotContain("{", rationale.Text, StringComparison.Ordinal));
        Assert.Contains(interjected, rationale => rationale.Text.Contains(" + ", StringComparison.Ordinal) && rationale.Text.Contains(", = ", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_slips_every_rationale_states_the_gold_answer()
    {
        var teacher = new ScriptedTeacher(1, wrongShare: 0);
        Assert.All(Problems, problem =>
        {
            var rationale = teacher.Explain(problem, 1);
            Assert.True(rationale.IsCorrect);
            Assert.EndsWith($" Therefore, the answer is {problem.Answer}.", rationale.Text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void With_slips_every_rationale_ends_in_another_answer()
    {
        var teacher = new ScriptedTeacher(1, wrongShare: 1);
        Assert.All(Problems, problem =>
        {
            var rationale = teacher.Explain(problem, 0);
            Assert.False(rationale.IsCorrect);
            Assert.False(rationale.Text.EndsWith($" Therefore, the answer is {problem.Answer}.", StringComparison.Ordinal), rationale.Text);
        });
    }

    [Fact]
    public void Samples_differ_and_the_same_sample_comes_again()
    {
        var teacher = new ScriptedTeacher(1, wrongShare: 0);
        Assert.Equal(teacher.Explain(Problems[0], 0).Text, teacher.Explain(Problems[0], 0).Text);
        Assert.True(Problems.Count(problem => teacher.Explain(problem, 0).Text != teacher.Explain(problem, 1).Text) > Problems.Count * 0.9);
    }
}
