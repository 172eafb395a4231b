namespace Kpod.Datasets.Records;

/// <summary>What is wrong with one record; its reader adds file and place.</summary>
internal sealed class RecordFaultException : Exception
{
    public RecordFaultException(string message)
        : base(message)
    {
    }
}
