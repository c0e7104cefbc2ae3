using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Directory;

/// <summary>Reads people.</summary>
internal sealed class PersonQueries(HubStore store)
{
    /// <summary>Everybody by name, the deactivated ones too.</summary>
    public Task<List<Person>> ListAsync(CancellationToken cancel) => store.ReadAsync(db => db.People.OrderBy(p => p.Name).ThenBy(p => p.Id).ToListAsync(cancel), cancel);

    /// <summary>One person; null when there is none.</summary>
    public Task<Person?> GetAsync(Guid id, CancellationToken cancel) =>
        store.ReadAsync(db => db.People.FirstOrDefaultAsync(p => p.Id == id, cancel), cancel);

    /// <summary>The person with this email, without regard to case; null when there is none.</summary>
    public Task<Person?> FindAsync(string email, CancellationToken cancel)
    {
        var key = PersonRules.Key(email);
        return store.ReadAsync(db => db.People.FirstOrDefaultAsync(p => p.EmailKey == key, cancel), cancel);
    }
}
