namespace Kpod.Datasets.Records;

/// <summary>What is found while the files of a data set are read.</summary>
internal sealed class SplitFindings
{
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);

    /// <summary>What makes the data set unusable, with file and place.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>What the user should know, such as a key that nobody reads.</summary>
    public List<string> Remarks { get; } = [];

    /// <summary>What was found out where nothing was said, such as the format.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Adds a remark, once for each subject.</summary>
    /// <param name="subject">What it is about.</param>
    /// <param name="remark">The sentence.</param>
    public void Remark(string subject, string remark)
    {
        if (_said.Add(subject))
        {
            Remarks.Add(remark);
        }
    }
}
