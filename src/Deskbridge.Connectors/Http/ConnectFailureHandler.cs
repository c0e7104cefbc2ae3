using System.Net.Sockets;

namespace Deskbridge.Connectors.Http;

/// <summary>
/// A connection that is reset in the moment it is made comes out of <see cref="SocketsHttpHandler"/> as a bare <see cref="SocketException"/>
/// (it asks the socket for its other end). Nothing was sent then: it becomes the failure to connect that it is. Stands next to the sockets.
/// </summary>
/// <param name="sockets">Makes the connections.</param>
public sealed class ConnectFailureHandler(HttpMessageHandler sockets) : DelegatingHandler(sockets)
{
    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (SocketException failure)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, failure.Message, failure);
        }
    }
}
