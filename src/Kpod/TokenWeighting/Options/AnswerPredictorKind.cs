namespace Kpod.TokenWeighting.Options;

/// <summary>Which pretrained transformer predicts the answer from the masked rationale (Eq. 5).</summary>
public enum AnswerPredictorKind
{
    /// <summary>The encoder-decoder where a checkpoint of one is named or the student is one, else the student itself.</summary>
    Automatic,

    /// <summary>The pretrained student with a LoRA adapter of its own (methods.md (g)7); needs no second model.</summary>
    Student,

    /// <summary>A T5 checkpoint, as in the paper (FlanT5-Large).</summary>
    EncoderDecoder,
}
