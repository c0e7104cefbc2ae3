using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Deskbridge.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Deskbridge.Core.Tests.Operations;

public sealed class WriterProbeTests
{
    [Fact]
    public async Task Probe_ReallyWrites_AndAnswersFromTheLastSecondWhenAskedOften()
    {
        await using var store = await TestStore.CreateAsync();
        var probe = store.Get<WriterProbe>();

        Assert.True((await probe.AskAsync(default)).Writable);
        var first = await store.ReadAsync(db => db.Probes.Select(p => p.At).SingleAsync());
        store.Time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.True((await probe.AskAsync(default)).Writable);
        Assert.Equal(first, await store.ReadAsync(db => db.Probes.Select(p => p.At).SingleAsync()));

        store.Time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.True((await probe.AskAsync(default)).Writable);
        Assert.Equal(first.AddMilliseconds(1100), await store.ReadAsync(db => db.Probes.Select(p => p.At).SingleAsync()));
    }

    [Fact]
    public async Task Probe_WhileTheWriterHangs_AnswersAllTheSame()
    {
        await using var store = await TestStore.CreateAsync();
        var held = new TaskCompletionSource();
        var holding = new TaskCompletionSource();
        var writer = store.Store.WriteAsync(
            async _ =>
            {
                holding.SetResult();
                await held.Task;
            },
            default);
        await holding.Task;

        var asked = store.Get<WriterProbe>().AskAsync(default);
        store.Time.Advance(TimeSpan.FromSeconds(6));
        var state = await asked;

        Assert.False(state.Writable);
        Assert.Contains("within 5 seconds", state.Message, StringComparison.Ordinal);
        held.SetResult();
        await writer;
    }

    [Fact]
    public async Task DatabaseFile_ThatIsGone_IsToldInTheLog_Once()
    {
        await using var store = await TestStore.CreateAsync();
        var log = new KeptLog();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        var gone = HubDatabase.Sqlite(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
        var probe = new WriterProbe(store.Store, gone, store.Time, logs.CreateLogger<WriterProbe>());

        for (var i = 0; i < 3; i++)
        {
            Assert.False((await probe.AskAsync(default)).Writable);
            store.Time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Single(log.Lines, line => line.Contains("takes no writes", StringComparison.Ordinal) && line.Contains("is gone", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(5, "locked")]
    [InlineData(8, "cannot be written")]
    [InlineData(10, "disk")]
    [InlineData(11, "damaged")]
    [InlineData(13, "full")]
    [InlineData(14, "cannot be opened")]
    public void Trouble_NamesTheCause(int code, string word) =>
        Assert.Contains(word, StorageTrouble.Describe(new DbUpdateException("Saving failed.", new SqliteException("x", code)))!, StringComparison.Ordinal);

    [Fact]
    public void Trouble_OfSomethingElse_IsNotTheDatabases() => Assert.Null(StorageTrouble.Describe(new InvalidOperationException("x")));
}
