namespace Kpod.Quickstart;

/// <summary>What the quickstart wrote, all of it ordinary files to copy and go on from.</summary>
/// <param name="Folder">The folder that holds everything.</param>
/// <param name="KpodRecipe">Recipe of the paper's method.</param>
/// <param name="CotRecipe">Recipe of plain chain-of-thought distillation from the same base.</param>
/// <param name="Keypoints">The planted keypoints.</param>
/// <param name="BaseWasCached">Whether the base was there already.</param>
public sealed record QuickstartFiles(string Folder, string KpodRecipe, string CotRecipe, string Keypoints, bool BaseWasCached);
