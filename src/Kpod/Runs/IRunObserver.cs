namespace Kpod.Runs;

/// <summary>Is told how a run goes, to show it to a person.</summary>
public interface IRunObserver
{
    /// <summary>A piece of work begins, was found done, or ended.</summary>
    /// <param name="happening">What happened.</param>
    void OnEvent(RunEvent happening);

    /// <summary>The piece of work under way moved on.</summary>
    /// <param name="work">Its name.</param>
    /// <param name="progress">How far it is.</param>
    void OnProgress(string work, StageProgress progress);

    /// <summary>Something the user should know, such as a schedule that cannot finish.</summary>
    /// <param name="message">One sentence or two.</param>
    void OnWarning(string message);
}
