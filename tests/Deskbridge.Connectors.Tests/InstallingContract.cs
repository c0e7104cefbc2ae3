using Xunit;

namespace Deskbridge.Connectors.Tests;

/// <summary>What a connector must do besides that makes fields and rules in the remote system, marks tickets, schedules people and takes files.</summary>
public abstract class InstallingContract : ConnectorContract
{
    protected override IReadOnlyDictionary<string, string?> Markers => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        [TicketFields.MarkerRetrieved] = "true",
        [TicketFields.MarkerStatus] = "Acknowledged",
        [TicketFields.MarkerUser] = "jo+1@example.test",
    };

    [Fact]
    public async Task Update_StatusOfAnotherBoard_IsRejectedNamingTheField()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var ticket = await Reader(connector).ReadTicketAsync(id, Cancel);
        var boards = await ((IReadsBoards)connector).ReadBoardsAsync(Cancel);
        var foreign = (await ((IReadsBoards)connector).ReadStatusesAsync(boards.First(board => board.Id != ticket!.Board!.Id).Id, Cancel))[0];

        var refusal = await Assert.ThrowsAsync<ConnectorRejectedException>(() => WriteAsync(connector, id, (TicketFields.Status, foreign.Id)));

        Assert.Equal(TicketFields.Status, refusal.Field);
        Assert.Equal(ticket!.Status, (await Reader(connector).ReadTicketAsync(id, Cancel))!.Status);
    }

    [Fact]
    public async Task Provisioning_RunTwice_CreatesNothingTwice()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect();
        var first = await ProvisionAsync(connector);

        var plan = await ((IProvisions)connector).PlanAsync(Cancel);
        var second = await ProvisionAsync(connector);

        Assert.All(plan.Steps, step => Assert.NotNull(step.ExistingId));
        Assert.All(second, made => Assert.False(made.Created));
        Assert.Equal(first.Select(made => (made.Role, made.RemoteId)), second.Select(made => (made.Role, made.RemoteId)));
    }

    [Fact]
    public async Task Provisioning_OldPlanRepeated_CreatesNothingTwiceAndKnowsItsOwn()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect();
        var plan = await ((IProvisions)connector).PlanAsync(Cancel);
        var first = await ApplyAsync(connector, plan);

        var again = await ApplyAsync(connector, plan);

        Assert.Equal(first, again);
    }

    [Fact]
    public async Task Remove_WhatWasCreated_LeavesNothingBehind()
    {
        await using var remote = await StartAsync();
        using var connector = remote.Connect();
        var before = await ((IProvisions)connector).PlanAsync(Cancel);
        var created = await ApplyAsync(connector, before);

        foreach (var thing in created.Reverse())
        {
            var outcome = await ((IProvisions)connector).RemoveAsync(thing, Cancel);
            Assert.Equal(thing.Created, outcome.Removed);
        }

        Assert.Equal(before.Steps, (await ((IProvisions)connector).PlanAsync(Cancel)).Steps);
    }

    [Fact]
    public async Task Documents_Added_AreListedWithTitleNameAndSize()
    {
        await using var remote = await StartAsync();
        var ids = await remote.CreateTicketsAsync(2);
        using var connector = remote.Connect();
        var documents = (ITicketDocuments)connector;
        byte[] bytes = [0xFF, 0xD8, 0, 10, 13, 45, 45, .. "\r\n--boundary--\r\n"u8];

        var photo = await documents.AddDocumentAsync(ids[0], new("Straße 日本 \"x\" (Mia via Deskbridge #e30jxw8zsq)", "Straße 日本.jpg", bytes), Cancel);
        await documents.AddDocumentAsync(ids[0], new("Second", "photo.jpg", new byte[3]), Cancel);
        await documents.AddDocumentAsync(ids[0], new("Third", "photo.jpg", new byte[3]), Cancel);

        var listed = await documents.ReadDocumentsAsync(ids[0], Cancel);
        Assert.Equal(["Straße 日本 \"x\" (Mia via Deskbridge #e30jxw8zsq)", "Second", "Third"], listed.Select(document => document.Title));
        Assert.Equal(photo, listed[0]);
        Assert.Equal(("Straße 日本.jpg", bytes.Length), (photo.FileName, photo.Size));
        Assert.Empty(await documents.ReadDocumentsAsync(ids[1], Cancel));
    }

    [Fact]
    public async Task Schedule_MemberAdded_IsListedOpen()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var member = (await ((IReadsMembers)connector).ReadMembersAsync(Cancel))[0];

        var added = await ((ISchedulesMembers)connector).AddScheduleAsync(id, member.Id, Cancel);

        Assert.Contains(added, await ((ISchedulesMembers)connector).ReadScheduleAsync(id, Cancel));
        Assert.Equal(member.Id, added.MemberId);
        Assert.False(added.Worked);
    }

    [Fact]
    public async Task Schedule_Ended_IsNotListedAnyMore_HoweverOften()
    {
        await using var remote = await StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var schedule = (ISchedulesMembers)connector;
        var members = await ((IReadsMembers)connector).ReadMembersAsync(Cancel);
        var (ended, other) = (await schedule.AddScheduleAsync(id, members[0].Id, Cancel), await schedule.AddScheduleAsync(id, members[1].Id, Cancel));

        for (var i = 0; i < 2; i++) await schedule.EndScheduleAsync(id, ended.Id, Cancel);

        Assert.Equal([other.Id], (await schedule.ReadScheduleAsync(id, Cancel)).Select(entry => entry.Id));
    }

    private static async Task<IReadOnlyList<ProvisionedObject>> ProvisionAsync(IConnector connector) =>
        await ApplyAsync(connector, await ((IProvisions)connector).PlanAsync(Cancel));

    protected override async Task<IConnector> InstalledAsync(ContractRemote remote)
    {
        using var connector = remote.Connect();
        var made = await ProvisionAsync(connector);
        return remote.Connect(made.ToDictionary(thing => thing.Role, thing => thing.RemoteId, StringComparer.Ordinal));
    }

    private static async Task<IReadOnlyList<ProvisionedObject>> ApplyAsync(IConnector connector, ProvisionPlan plan)
    {
        Assert.Empty(plan.Problems);
        var made = new List<ProvisionedObject>();
        foreach (var step in plan.Steps)
        {
            var done = made.ToDictionary(thing => thing.Role, thing => thing.RemoteId, StringComparer.Ordinal);
            made.Add(await ((IProvisions)connector).ApplyAsync(step, done, Cancel));
        }

        return made;
    }
}
