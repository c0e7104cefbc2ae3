using Deskbridge.Core.Directory;

namespace Deskbridge.Features.People;

/// <summary>What the forms for a person hold; the core's rules check it.</summary>
internal sealed class PersonFields
{
    public string? Name { get; set; }

    public string? Email { get; set; }

    public PersonRole Role { get; set; } = PersonRole.Responder;

    public string? TimeZone { get; set; } = "Etc/UTC";

    public PersonDraft ToDraft() => new(Name ?? "", Email ?? "", Role, TimeZone ?? "");

    public static PersonFields Of(Person person) => new() { Name = person.Name, Email = person.Email, Role = person.Role, TimeZone = person.TimeZone };
}
