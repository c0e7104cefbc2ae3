using System.IO.Compression;
using Deskbridge.Access;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.ResponseCompression;

namespace Deskbridge.Features.Shared;

/// <summary>Wires the pages.</summary>
internal static class FaceModule
{
    extension(IServiceCollection services)
    {
        public IServiceCollection AddFace()
        {
            services.AddHttpContextAccessor();
            services.AddRazorPages(pages => pages.RootDirectory = "/Features");
            services.AddAntiforgery(token =>
            {
                token.Cookie.Name = "deskbridge-form";
                token.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            });
            services.AddSingleton<Icons>();

            // A proxy on this machine (the default trust) may say that the visitor came by https.
            services.Configure<ForwardedHeadersOptions>(proxy =>
                proxy.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost);
            services.AddResponseCompression(compression => compression.Providers.Add<GzipCompressionProvider>());
            services.Configure<GzipCompressionProviderOptions>(gzip => gzip.Level = CompressionLevel.Fastest);
            return services;
        }
    }

    extension(WebApplication app)
    {
        public void MapFace()
        {
            app.MapStaticAssets().AllowAnonymous();
            app.MapRazorPages().WithStaticAssets();
            app.MapGet("/", static () => TypedResults.LocalRedirect("/alerts")).RequireAuthorization(Policies.Viewer).ExcludeFromDescription();
        }
    }
}
