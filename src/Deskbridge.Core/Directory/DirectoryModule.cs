using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Core.Directory;

/// <summary>Wires the directory of people. Needs the database and a <see cref="TimeProvider"/>.</summary>
public static class DirectoryModule
{
    extension(IServiceCollection services)
    {
        /// <summary>Adds the actions and queries on people.</summary>
        public IServiceCollection AddDirectory()
        {
            services.AddSingleton<CreateFirstAdministrator>();
            services.AddSingleton<CreatePerson>();
            services.AddSingleton<ChangePerson>();
            services.AddSingleton<DeactivatePerson>();
            services.AddSingleton<ReactivatePerson>();
            services.AddSingleton<PersonQueries>();
            return services;
        }
    }
}
