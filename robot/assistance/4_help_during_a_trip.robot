*** Settings ***
Documentation       ON CALL and the app ask Polestar Assistance for help that is no emergency.
...                 Polestar 1, Assistance with Polestar Connect, chapter "Help during a trip".
Library             ConnectHil


*** Test Cases ***
Holding ON CALL Opens Voice Contact
    [Documentation]    Two seconds on the button: Assistance is heard, the driver answers, help is agreed on.
    [Tags]    B-14    B-16    procedure:on-call
    Given The Car Is Parked With Ignition II
    When The Driver Holds ON CALL For 2 s
    Then Assistance Receives One On Call Call
    And Assistance Is Heard In The Car
    When The Driver Answers
    Then Voice Contact Stands
    When The Operator Hands The Case To The Tow Truck
    Then The Tow Truck Has The Case With The Car's Position

Touching ON CALL Calls Nobody
    [Documentation]    A press of less than two seconds does nothing at all.
    [Tags]    B-14    procedure:on-call-short-press
    Given The Car Is Parked With Ignition II
    When The Driver Holds ON CALL For 1 s
    Then Nobody Is Called

The App Asks For The Same Help
    [Documentation]    Flat tyre, no fuel, dead battery: asked for in the app.
    [Tags]    B-15    procedure:app-help
    [Template]    The App Asks For Help And Assistance Has The Case
    flat tyre
    no fuel
    dead battery

An SOS Call That Was No Emergency Is Misuse
    [Documentation]    SOS is for emergencies; anything else is recorded and may cost.
    [Tags]    B-16    procedure:sos-misuse
    Given The Car Is Parked With Ignition II
    When The Driver Holds SOS For 2 s
    And Assistance Receives One Manual Call
    And The Operator Finds No Emergency
    Then The Call Is Recorded As Misuse
