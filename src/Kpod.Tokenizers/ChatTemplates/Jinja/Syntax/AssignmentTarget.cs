namespace Kpod.Tokenizers.ChatTemplates.Jinja.Syntax;

/// <summary>What a value is assigned to.</summary>
internal abstract record AssignmentTarget
{
    private AssignmentTarget()
    {
    }

    /// <summary>A variable.</summary>
    /// <param name="Identifier">Its name.</param>
    public sealed record Name(string Identifier) : AssignmentTarget;

    /// <summary>An attribute of a namespace.</summary>
    /// <param name="Identifier">The namespace.</param>
    /// <param name="Attribute">The attribute.</param>
    public sealed record NamespaceAttribute(string Identifier, string Attribute) : AssignmentTarget;

    /// <summary>Several targets, among which a sequence is divided.</summary>
    /// <param name="Targets">The targets.</param>
    public sealed record Several(IReadOnlyList<AssignmentTarget> Targets) : AssignmentTarget;
}
