using System.IO.Compression;
using Kpod.RationaleGeneration.Teachers.Clients;

namespace Kpod.Tests.RationaleGeneration.Teachers.Clients;

public sealed class BoundedBodyTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("identity")]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_body_is_read_however_it_is_packed(string? encoding)
    {
        var packed = new MemoryStream();
        await using (Stream packer = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            "br" => new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BufferedStream(packed),
        })
        {
            packer.Write("\uFEFFhéllo"u8);
            packer.Flush();
            packed = new MemoryStream(packed.ToArray());
        }

        Assert.Equal(("héllo", true), await BoundedBody.ReadAsync(packed, encoding, 100, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Of_a_body_without_end_no_more_is_read_than_allowed()
    {
        var endless = new Endless();
        var (text, isWhole) = await BoundedBody.ReadAsync(endless, null, 1_000_000, TestContext.Current.CancellationToken);
        Assert.Equal((1_000_000, false), (text.Length, isWhole));
        Assert.InRange(endless.Given, 1_000_000, 1_200_000);
    }

    [Fact]
    public async Task What_is_packed_is_bounded_by_what_it_unpacks_to()
    {
        var packed = new MemoryStream();
        await using (var packer = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            packer.Write(new byte[50_000_000]);
        }

        var bomb = new MemoryStream(packed.ToArray());
        Assert.InRange(bomb.Length, 1, 1_000_000);
        Assert.Equal((1000, false), await BoundedBody.ReadAsync(bomb, "gzip", 1000, TestContext.Current.CancellationToken) is var (text, isWhole) ? (text.Length, isWhole) : default);
    }

    [Theory]
    [InlineData(512, null, (2 << 20) + (512 * 256))]
    [InlineData(512, 20, (2 << 20) + (512 * 256 * 21))]
    [InlineData(10_000_000, 20, 256 << 20)]
    public void Room_grows_with_what_was_asked_for(int tokens, int? logProbabilities, long bytes) => Assert.Equal(bytes, BoundedBody.MostBytes(tokens, logProbabilities));

    private sealed class Endless : Stream
    {
        public long Given { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Array.Fill(buffer, (byte)' ', offset, count);
            Given += count;
            return count;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
