//! The Windows service: what the service manager is told, and what it starts.

use super::{Service, launch, program};
use crate::cli::args::Global;
use crate::cli::exit::{Exit, Failure};
use crate::cli::output::{Output, good};
use crate::cli::serve::ServeArgs;
use crate::cli::stop::Stop;
use crate::cli::{ask, context, in_runtime, log_file, serve};
use anyhow::anyhow;
use secrecy::ExposeSecret;
use std::ffi::OsString;
use std::pin::pin;
use std::sync::OnceLock;
use std::time::Duration;
use windows_service::service::{
    ServiceAccess, ServiceControl, ServiceControlAccept, ServiceErrorControl, ServiceExitCode, ServiceInfo,
    ServiceStartType, ServiceState, ServiceStatus, ServiceType,
};
use windows_service::service_control_handler::{self, ServiceControlHandlerResult, ServiceStatusHandle};
use windows_service::service_manager::{ServiceManager, ServiceManagerAccess};
use windows_service::{define_windows_service, service_dispatcher};

/// What the service does: Windows calls its entry with nothing to know it by.
static WORK: OnceLock<Work> = OnceLock::new();

struct Work {
    global: Global,
    service: Service,
    output: Output,
}

/// How often the service manager is told that the end is coming, and within what time it hears more.
const TELL: Duration = Duration::from_secs(2);
const WITHIN: Duration = Duration::from_secs(10);

/// Puts the service in, to start with the machine.
///
/// # Errors
/// What Windows says.
pub fn install(global: &Global, service: &Service, account: Option<&str>, output: &Output) -> Result<Exit, Failure> {
    let own = format!("NT SERVICE\\{}", service.name);
    let account = account.unwrap_or(&own);
    // A managed account and one of Windows' own have no password that anybody knows.
    let password = match account.ends_with('$') || account.to_ascii_uppercase().starts_with("NT ") {
        true => None,
        false => Some(ask::password(account)?),
    };
    let info = ServiceInfo {
        name: service.name.clone().into(),
        display_name: format!("ml-connector of {}", global.project.display()).into(),
        service_type: ServiceType::OWN_PROCESS,
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        executable_path: program()?,
        launch_arguments: launch(global, service),
        dependencies: Vec::new(),
        account_name: Some(account.into()),
        account_password: password.as_ref().map(|password| password.expose_secret().into()),
    };
    let manager = manager(ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE)?;
    let made = manager.create_service(&info, ServiceAccess::CHANGE_CONFIG).map_err(|error| refused(&error))?;
    made.set_description("Keeps Microsoft Dynamics GP in step with BambooHR.").map_err(|error| refused(&error))?;
    output.line(format!("{} the service {} as {account}", good("put in:"), service.name));
    output.line(format!("give {account} the folder of the store to change, and the project to read"));
    output.line(format!("it writes {}", context::service_log(global).display()));
    output.line(format!("next: sc start {}", service.name));
    Ok(Exit::Done)
}

/// Stops the service where it runs, and takes it out.
///
/// # Errors
/// What Windows says.
pub fn remove(name: &str, output: &Output) -> Result<Exit, Failure> {
    let access = ServiceAccess::QUERY_STATUS | ServiceAccess::STOP | ServiceAccess::DELETE;
    let manager = manager(ServiceManagerAccess::CONNECT)?;
    let service = manager.open_service(name, access).map_err(|error| refused(&error))?;
    let status = service.query_status().map_err(|error| refused(&error))?;
    if status.current_state != ServiceState::Stopped {
        service.stop().map_err(|error| refused(&error))?;
    }
    // Marked now; gone when its run has ended.
    service.delete().map_err(|error| refused(&error))?;
    output.line(format!("{} the service {name}; its store and log stay", good("taken out:")));
    Ok(Exit::Done)
}

fn manager(access: ServiceManagerAccess) -> Result<ServiceManager, Failure> {
    ServiceManager::local_computer(None::<&str>, access).map_err(|error| refused(&error))
}

fn refused(error: &windows_service::Error) -> Failure {
    let (why, number) = match error {
        windows_service::Error::Winapi(error) => (error.to_string(), error.raw_os_error()),
        other => (other.to_string(), None),
    };
    // The numbers of winerror.h.
    let hint = match number {
        Some(5) => "open the command prompt as administrator",
        Some(1057) => "the account or its password is wrong: --account",
        Some(1060) => "there is no service of that name: sc query",
        Some(1063) => "only Windows starts this; by hand it is `ml-connector serve`",
        Some(1072) => "it is being taken out: close services.msc, then try again",
        Some(1073) => "there is one of that name: `ml-connector service remove`, or another --name",
        _ => "`sc query` tells what Windows knows of it",
    };
    Failure::new(Exit::DoesNotLoad, anyhow!("Windows refuses the service: {why}")).hint(hint)
}

/// What Windows starts: watches the project until it is told to stop.
///
/// # Errors
/// When somebody else started it, or the log cannot be written.
pub fn run(global: &Global, service: &Service, output: &Output) -> Result<Exit, Failure> {
    let work = Work { global: global.clone(), service: service.clone(), output: Output { format: output.format } };
    let name = WORK.get_or_init(|| work).service.name.as_str();
    service_dispatcher::start(name, ffi_entry).map_err(|error| refused(&error))?;
    Ok(Exit::Done)
}

define_windows_service!(ffi_entry, entry);

fn entry(_arguments: Vec<OsString>) {
    let Some(work) = WORK.get() else { return };
    if let Err(error) = serve(work) {
        work.output.note(format!("error: Windows does not listen to this service: {error}"));
    }
}

fn serve(work: &Work) -> windows_service::Result<()> {
    let stop = Stop::default();
    let asking = stop.clone();
    let controlled = move |control| match control {
        ServiceControl::Stop | ServiceControl::Shutdown => {
            asking.ask();
            ServiceControlHandlerResult::NoError
        }
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        _ => ServiceControlHandlerResult::NotImplemented,
    };
    let handle = service_control_handler::register(&work.service.name, controlled)?;
    handle.set_service_status(status(ServiceState::Running, 0))?;
    let log = context::service_log(&work.global);
    let exit = match log_file::open(&log) {
        Ok(()) => in_runtime(watched(work, &stop, handle)),
        Err(error) => Err(Failure::new(Exit::DoesNotLoad, anyhow!("{} cannot be written: {error}", log.display()))),
    };
    let exit = exit.unwrap_or_else(|failure| {
        work.output.failure(&failure);
        failure.exit
    });
    // Whatever the last run ended with, a stop that was asked for is no failure of the service.
    let code = match stop.is_asked() {
        true => ServiceExitCode::NO_ERROR,
        false => ServiceExitCode::ServiceSpecific(u32::from(exit.number())),
    };
    handle.set_service_status(ServiceStatus { exit_code: code, ..status(ServiceState::Stopped, 0) })
}

/// The watch; once it is asked to stop, Windows is told that the end is coming until it is there.
async fn watched(work: &Work, stop: &Stop, handle: ServiceStatusHandle) -> Result<Exit, Failure> {
    let args = ServeArgs { once: false };
    let mut watch = pin!(serve::serve(&work.global, &args, &work.output, stop));
    tokio::select! {
        exit = &mut watch => return exit,
        () = stop.asked() => {}
    }
    for step in 1.. {
        if let Err(error) = handle.set_service_status(status(ServiceState::StopPending, step)) {
            tracing::warn!(%error, "Windows was not told that the service stops");
        }
        tokio::select! {
            exit = &mut watch => return exit,
            () = tokio::time::sleep(TELL) => {}
        }
    }
    watch.await
}

fn status(state: ServiceState, step: u32) -> ServiceStatus {
    let accepted = match state {
        ServiceState::Running => ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN,
        _ => ServiceControlAccept::empty(),
    };
    ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state: state,
        controls_accepted: accepted,
        exit_code: ServiceExitCode::NO_ERROR,
        checkpoint: step,
        wait_hint: if state == ServiceState::StopPending { WITHIN } else { Duration::ZERO },
        process_id: None,
    }
}
