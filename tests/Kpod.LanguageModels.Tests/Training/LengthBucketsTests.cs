using CsCheck;
using Kpod.LanguageModels.Training;

namespace Kpod.LanguageModels.Tests.Training;

public sealed class LengthBucketsTests
{
    [Fact]
    public void Every_item_occurs_once_and_only_one_batch_is_short() =>
        Gen.Select(Gen.Int[0, 200].Array[1, 150], Gen.Int[1, 9], Gen.Int[0, 1000]).Sample((lengths, size, seed) =>
        {
            var batches = LengthBuckets.Cut(lengths, size, new Random(seed));
            Assert.Equal(Enumerable.Range(0, lengths.Length), batches.SelectMany(batch => batch).Order());
            Assert.True(batches.Count(batch => batch.Length < size) <= 1);
        });
}
