using System.ClientModel.Primitives;

namespace Kpod.RationaleGeneration.Teachers;

/// <summary>Tells the client what it is not to decide: that a status is an error, which we read ourselves, and that nothing is sent again behind our back. The client's own fails at a status beyond 639.</summary>
internal sealed class AnyStatusClassifier : PipelineMessageClassifier
{
    /// <inheritdoc/>
    public override bool TryClassify(PipelineMessage message, out bool isError)
    {
        isError = message.Response?.Status is not (>= 200 and < 300);
        return true;
    }

    /// <inheritdoc/>
    public override bool TryClassify(PipelineMessage message, Exception? exception, out bool isRetriable)
    {
        isRetriable = false;
        return true;
    }
}
