using Kpod.Distillation.Training;
using Kpod.TokenWeighting.Diagnosis;
using Kpod.TokenWeighting.Options;

namespace Kpod.Tests.Reports;

/// <summary>Made-up courses of a training and of mask learning.</summary>
internal static class DemoCurves
{
    public static List<TrainingLogPoint> Log(int steps, int stages, bool isProgressive)
    {
        var random = new Random(7);
        var points = new List<TrainingLogPoint>();
        for (var step = 1; step <= steps; step++)
        {
            var stage = 1 + ((step - 1) * stages / steps);
            var withinStage = ((step - 1) * (double)stages / steps) - (stage - 1);
            var noise = 0.7 + (0.6 * random.NextDouble());
            var given = isProgressive ? Math.Max(0, 2.1 * (1 - Math.Pow((double)stage / stages, 1.5))) : 0;
            var loss = isProgressive ? (0.95 - (0.55 * stage / stages) + (0.16 * Math.Exp(-5 * withinStage))) * noise : ((1.25 * Math.Exp(-step / 90.0)) + 0.32) * noise;
            var tokens = (long)((isProgressive ? 150 + (220 * stage / stages) : 372) * (0.8 + (0.4 * random.NextDouble())));
            points.Add(new TrainingLogPoint(step, stage, stage, loss, tokens, given, 5e-4 * (1 - ((step - 1.0) / steps)), 0.6 + (1.5 * random.NextDouble()), 4.1 + random.NextDouble()));
        }

        return points;
    }

    public static MaskLearningDiagnosis MaskLearning() => new()
    {
        Predictor = AnswerPredictorKind.Student,
        TrainingRationales = 1258,
        ProbeRationales = 140,
        PredictorSteps = 700,
        PredictorStoppedEarly = false,
        PredictorCourse = [.. Enumerable.Range(0, 15).Select(index => new PredictorPoint(index * 50, 2.41 + (0.4 * Math.Exp(-index / 2.0)), 0.12 + (2.6 * Math.Exp(-index / 3.5)), 2.38 - (0.012 * index) + (0.4 * Math.Exp(-index / 2.0)), index == 0 ? null : 1.4))],
        AnswerLoss = new AnswerLossByQuarter([2.61, 2.67, 1.60, 0.11], [2.83, 2.83, 2.84, 2.83], [2.72, 2.81, 2.17, 1.38], [2.76, 2.86, 2.05, 0.78]) { KeptByChance = [2.81, 2.83, 2.52, 2.31] },
        MeanWeights = new MeanTokenWeights(0.981, 0.632, 0.073, 0.243),
        KeptShare = 0.221,
        LevelSwing = 0.031,
        Spread = 0.34,
        Saving = new RationaleSaving([2.83, 2.83, 2.84, 2.83], [2.61, 2.67, 1.60, 0.11]),
        Attempts = [new PriceAttempt(1.35, 0.96, WeightFault.KeepsAll), new PriceAttempt(2.16, 0.243, null)],
        FrequentTokens = [],
        Course =
        [
            Look(20, 0.88, 0.91, 0.93, 0.95, 0.96), Look(60, 0.42, 0.66, 0.80, 0.91, 0.97), Look(110, 0.04, 0.30, 0.55, 0.86, 0.97), Look(145, 0.03, 0.12, 0.25, 0.6, 0.97),
            Look(180, 0.02, 0.03, 0.07, 0.41, 0.96), Look(220, 0.02, 0.04, 0.09, 0.38, 0.98), Look(260, 0.02, 0.03, 0.07, 0.24, 0.98), Look(300, 0.02, 0.03, 0.07, 0.22, 0.99),
        ],
    };

    private static MaskLearningPoint Look(int step, params double[] quantiles) => new(step, 1.9, quantiles.Average(), quantiles, null);
}
