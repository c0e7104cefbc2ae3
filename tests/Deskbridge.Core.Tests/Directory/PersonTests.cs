using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Directory;

public sealed class PersonTests
{
    [Fact]
    public async Task FirstAdministrator_IsAddedOnceOnly()
    {
        await using var test = await TestStore.CreateAsync(services => services.AddDirectory());
        var create = test.Get<CreateFirstAdministrator>();

        var first = await create.RunAsync(new PersonDraft("Ada Root", "Ada@Example.test", TimeZone: "Europe/Berlin"), default);
        var second = await create.RunAsync(new PersonDraft("Eve", "eve@example.test"), default);

        Assert.Equal(PersonRole.Admin, first.Value.Role);
        Assert.Equal(new SetupDone(), second.Failure);
        Assert.Equal(first.Value.Id, (await test.Get<PersonQueries>().FindAsync(" ada@EXAMPLE.test", default))?.Id);
    }

    [Theory]
    [InlineData("", "mia@example.test", "Etc/UTC", typeof(PersonNameMissing))]
    [InlineData("Mia", "mia", "Etc/UTC", typeof(EmailInvalid))]
    [InlineData("Mia", "Mia <mia@example.test>", "Etc/UTC", typeof(EmailInvalid))]
    [InlineData("Mia", "ADA@example.test", "Etc/UTC", typeof(EmailTaken))]
    [InlineData("Mia", "mia@example.test", "Mars/Base", typeof(TimeZoneUnknown))]
    [InlineData("Mia", "mia@example.test", "America/New_York", null)]
    [InlineData("ミア", "mia@例え.test", "Asia/Tokyo", null)]
    public async Task Person_Entered_IsChecked(string name, string email, string zone, Type? failure)
    {
        await using var test = await TestStore.CreateAsync(services => services.AddDirectory());
        var ada = Build.Person("Ada", PersonRole.Admin, "ada@example.test");
        await test.AddAsync(ada);

        var result = await test.Get<CreatePerson>().RunAsync(new PersonDraft(name, email, TimeZone: zone), ada, default);

        Assert.Equal(failure, result.Failure?.GetType());
        Assert.Equal(failure is null ? 2 : 1, (await test.Get<PersonQueries>().ListAsync(default)).Count);
    }

    [Fact]
    public async Task LastAdministrator_CannotLeaveOrStepDown()
    {
        await using var test = await TestStore.CreateAsync(services => services.AddDirectory());
        var ada = Build.Person("Ada", PersonRole.Admin);
        var former = Build.Person("Bob", PersonRole.Admin, active: false);
        await test.AddAsync(ada, former);
        var change = test.Get<ChangePerson>();
        var stepDown = new PersonDraft("Ada", ada.Email, PersonRole.Dispatcher);

        Assert.Equal(new LastAdministrator("Ada"), (await test.Get<DeactivatePerson>().RunAsync(ada.Id, ada, default)).Failure);
        Assert.Equal(new LastAdministrator("Ada"), (await change.RunAsync(ada.Id, stepDown, ada, default)).Failure);
        await test.Get<ReactivatePerson>().RunAsync(former.Id, ada, default);
        Assert.Null((await change.RunAsync(ada.Id, stepDown, ada, default)).Failure);
    }

    [Fact]
    public async Task Deactivated_Person_IsOffDutyForGood()
    {
        await using var test = await TestStore.CreateAsync(services => services.AddDirectory());
        var ada = Build.Person("Ada", PersonRole.Admin);
        var mia = Build.Person("Mia");
        await test.AddAsync(ada, mia, Build.Duty(Build.Team(), mia));

        await test.Get<DeactivatePerson>().RunAsync(mia.Id, ada, default);
        await test.Get<ReactivatePerson>().RunAsync(mia.Id, ada, default);

        Assert.Equal(test.Time.GetUtcNow(), (await test.ReadAsync(db => db.DutyPeriods.SingleAsync())).EndedAt);
    }

    [Fact]
    public async Task People_ChangeOnlyTheirOwnNameAndTimeZone()
    {
        await using var test = await TestStore.CreateAsync(services => services.AddDirectory());
        var mia = Build.Person("Mia");
        var ben = Build.Person("Ben");
        await test.AddAsync(mia, ben);
        var change = test.Get<ChangePerson>();

        var own = await change.RunAsync(mia.Id, new PersonDraft("Mia Chen", mia.Email, TimeZone: "Asia/Tokyo"), mia, default);
        var promoted = await change.RunAsync(mia.Id, new PersonDraft("Mia", mia.Email, PersonRole.Admin), mia, default);
        var other = await change.RunAsync(ben.Id, new PersonDraft("Ben X", ben.Email), mia, default);

        Assert.Equal(("Mia Chen", "Asia/Tokyo"), (own.Value.Name, own.Value.TimeZone));
        Assert.IsType<AdministratorsOnly>(promoted.Failure);
        Assert.IsType<AdministratorsOnly>(other.Failure);
        Assert.IsType<PersonNotFound>((await change.RunAsync(Guid.Empty, new PersonDraft("X", "x@example.test"), mia, default)).Failure);
    }
}
