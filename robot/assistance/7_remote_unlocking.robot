*** Settings ***
Documentation       Asked for in the app, after the PIN a signal lets the door handles unlock the car.
...                 Polestar 1, Assistance with Polestar Connect, chapter "Remote unlocking".
Library             ConnectHil


*** Test Cases ***
The Car Is Unlocked From Afar
    [Documentation]    App, PIN, signal, handle, in this order; nothing opens before the handle.
    [Tags]    B-28    B-29    procedure:remote-unlock
    Given The Car Is Locked And Its Keys Are Far Away
    When The Owner Asks In The App For Unlocking
    Then No Signal Reaches The Car Until The PIN Is Verified
    When Assistance Verifies The PIN And Sends The Signal
    Then The Car Waits For A Handle And Nothing Opens
    When A Door Handle Is Pressed
    Then All Doors Can Be Opened

Without A Handle The Car Is Locked Again
    [Documentation]    After the time that Assistance has set for this request.
    [Tags]    B-30    procedure:remote-unlock-relock
    Given The Car Is Locked And Its Keys Are Far Away
    When The Owner Asks For Unlocking And Assistance Sets 20 s
    And Nobody Presses A Handle For 22 s
    Then The Car Was Locked Again After 20 s
    And A Door Handle Opens Nothing

In A Parking Garage The Signal May Not Arrive
    [Documentation]    The app says so, the car stays locked, and what arrives much later unlocks nothing.
    [Tags]    B-31    procedure:remote-unlock-garage
    Given The Car Is Locked And Its Keys Are Far Away
    And It Stands In A Garage Without Reception
    And Trouble Code NOT REGISTERED Is Expected
    When The Owner Asks In The App For Unlocking
    And Assistance Verifies The PIN And Sends The Signal
    Then The App Says That The Car Was Not Reached
    And A Door Handle Opens Nothing
    When The Car Leaves The Garage Much Later
    Then A Door Handle Opens Nothing
