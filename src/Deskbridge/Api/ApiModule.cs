using System.Text.Json.Serialization;
using System.Threading.RateLimiting;
using Deskbridge.Access;

namespace Deskbridge.Api;

/// <summary>Wires what every endpoint under <c>/api/v1</c> has in common.</summary>
internal static class ApiModule
{
    public const string SignInLimit = "sign-in";
    public const string CallbackLimit = "callbacks";

    extension(IServiceCollection services)
    {
        public IServiceCollection AddApi()
        {
            services.AddProblemDetails();
            services.AddExceptionHandler<ExceptionAnswers>();
            services.AddScoped<Idempotency>();
            services.AddSingleton<BodyLimit>();
            services.AddOpenApi("v1", ApiDescription.Configure);
            services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
            services.ConfigureHttpJsonOptions(json =>
            {
                json.SerializerOptions.MaxDepth = Core.Common.Json.Depth;
                json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(System.Text.Json.JsonNamingPolicy.CamelCase, allowIntegerValues: false));
            });
            services.AddRateLimiter(limits =>
            {
                limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
                limits.OnRejected = (context, _) =>
                {
                    if (context.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
                        context.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
                    return ValueTask.CompletedTask;
                };
                limits.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(PerPerson);
                limits.AddPolicy(SignInLimit, PerAddress);
                limits.AddPolicy(CallbackLimit, PerSender);
            });
            return services;
        }
    }

    extension(WebApplication app)
    {
        /// <summary>The group to map endpoints on. Each endpoint names its policy; without one it asks for a signed-in viewer.</summary>
        public RouteGroupBuilder MapApi()
        {
            app.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
            return app.MapGroup(ApiPaths.Root).AddEndpointFilter(AntiforgeryForCookies.CheckAsync).RequireAuthorization(Policies.Viewer);
        }
    }

    /// <summary>A bound that no honest program meets: 100 requests a second for long, 1,000 at once.</summary>
    private static RateLimitPartition<string> PerPerson(HttpContext http) => http.User.Identity?.IsAuthenticated == true && ApiPaths.Contains(http.Request.Path)
        ? RateLimitPartition.GetTokenBucketLimiter(http.User.PersonId.ToString(), static _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = 1000,
            TokensPerPeriod = 100,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        })
        : RateLimitPartition.GetNoLimiter("");

    private static RateLimitPartition<string> PerAddress(HttpContext http) => HttpMethods.IsPost(http.Request.Method)
        ? RateLimitPartition.GetFixedWindowLimiter(http.Connection.RemoteIpAddress?.ToString() ?? "", static _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = 30,
            Window = TimeSpan.FromMinutes(1),
        })
        : RateLimitPartition.GetNoLimiter("");

    /// <summary>A remote that changes thousands of tickets at once must not be refused: what is refused here is only found by polling.</summary>
    private static RateLimitPartition<string> PerSender(HttpContext http) => RateLimitPartition.GetTokenBucketLimiter(
        http.Connection.RemoteIpAddress?.ToString() ?? "",
        static _ => new TokenBucketRateLimiterOptions { TokenLimit = 5000, TokensPerPeriod = 500, ReplenishmentPeriod = TimeSpan.FromSeconds(1) });
}
