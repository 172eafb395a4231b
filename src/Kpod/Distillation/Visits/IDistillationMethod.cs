namespace Kpod.Distillation.Visits;

/// <summary>What a method adds to the one training loop: what a visit to a rationale teaches at a stage, and with which weights.</summary>
internal interface IDistillationMethod
{
    /// <summary>Stages that share an epoch.</summary>
    int StagesPerEpoch { get; }

    /// <summary>Makes the example of one visit.</summary>
    /// <param name="item">The rationale.</param>
    /// <param name="stage">The stage, from 1.</param>
    /// <returns>The example.</returns>
    DistillationExample Visit(DistillationItem item, int stage);
}
