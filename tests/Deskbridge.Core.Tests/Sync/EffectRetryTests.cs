using Deskbridge.Connectors;
using Deskbridge.Core.Sync;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

public sealed class EffectRetryTests
{
    /// <summary>A proxy in trouble loses no note; one that never lets a note pass is told to people in the end.</summary>
    [Theory]
    [InlineData(true, 0, false)]
    [InlineData(true, 9, false)]
    [InlineData(true, 10, true)]
    [InlineData(false, 1000, false)]
    public void Answer_ThatNobodyExplains_IsARefusalAfterTenTries(bool unexplained, int attempts, bool refused)
    {
        var failure = new ConnectorUnavailableException("400 of a proxy.", mayHaveBeenApplied: true) { Unexplained = unexplained };

        Assert.Equal(refused, EffectRetry.Judge(failure, attempts) is ConnectorRejectedException);
    }
}
