using System.IO.Compression;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Deskbridge.Access;
using Deskbridge.Features.Alerts;
using Deskbridge.Features.Connections;
using Deskbridge.Features.Health;
using Deskbridge.Features.People;
using Deskbridge.Features.Teams;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.WebEncoders;

namespace Deskbridge.Features.Shared;

/// <summary>Wires the pages.</summary>
internal static class FaceModule
{
    extension(IServiceCollection services)
    {
        /// <summary>What pages and API read alike.</summary>
        public IServiceCollection AddFace()
        {
            services.AddScoped<AddPerson>();
            services.AddScoped<InvitePerson>();
            services.AddSingleton<AlertReader>();
            services.AddSingleton<IntakeReader>();
            services.AddSingleton<ConnectionReader>();
            services.AddSingleton<AlertButtons>();
            services.AddSingleton<DataKeeping>();
            services.AddSingleton<HubHealth>();

            services.AddResponseCompression(compression => compression.Providers.Add<GzipCompressionProvider>());
            services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
            return services;
        }

        public IServiceCollection AddPages()
        {
            services.AddRazorPages(pages => pages.RootDirectory = "/Features").AddMvcOptions(mvc => mvc.Filters.Add<OnlyHandled>());
            services.AddAntiforgery(token =>
            {
                token.Cookie.Name = "deskbridge-form";
                token.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            });
            services.Configure<WebEncoderOptions>(encoder => encoder.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
            services.AddSingleton<Icons>();
            return services;
        }
    }

    extension(WebApplication app)
    {
        public void MapPages()
        {
            app.MapStaticAssets().AllowAnonymous();
            app.MapRazorPages().WithStaticAssets();
            app.MapGet("/", static () => TypedResults.LocalRedirect("/alerts")).RequireAuthorization(Policies.Viewer).ExcludeFromDescription();
        }
    }
}
